"""PDF files for tests, written by hand: text at places, in a font that every reader brings (not embedded)."""

from dataclasses import dataclass, field

WIDTH, HEIGHT = 595, 842


@dataclass
class Page:
    """`put` takes y from the top and sizes in points; a Chinese character is as wide as its size."""

    texts: list[tuple[float, float, float, str]] = field(default_factory=list)

    def put(self, x: float, y: float, text: str, size: float = 10) -> None:
        self.texts.append((x, y, size, text))

    def column(self, x: float, y: float, text: str, chars: int, size: float = 10, lead: float = 1.5) -> float:
        """Paragraphs (one a line of `text`) set in lines of `chars` characters; returns where the next line goes."""
        for paragraph in text.split("\n"):
            rest, indent = paragraph, 2
            while rest:
                line, rest = rest[: chars - indent], rest[chars - indent :]
                if rest and rest[0] in "，。、；：？！」）":
                    line, rest = line + rest[0], rest[1:]
                self.put(x + indent * size, y, line, size)
                indent = 0
                y += size * lead
        return y


def pdf(pages: list[Page], *, traditional: bool = True) -> bytes:
    both = ("STSong-Light", "GB1", "UniGB-UCS2-H"), ("MSung-Light", "CNS1", "UniCNS-UCS2-H")
    font, order, cmap = both[traditional]
    kids = " ".join(f"{5 + 2 * i} 0 R" for i in range(len(pages)))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{font} /Encoding /{cmap} /DescendantFonts [4 0 R] >>".encode(),
        (
            f"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /{font} /DW 1000 /CIDSystemInfo << /Registry (Adobe) "
            f"/Ordering ({order}) /Supplement 0 >> /FontDescriptor << /Type /FontDescriptor /FontName /{font} /Flags 6 "
            "/FontBBox [0 -120 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 >> >>"
        ).encode(),
    ]
    for i, page in enumerate(pages):
        lines = [
            f"BT /F {size:g} Tf {x:g} {HEIGHT - y:g} Td <{text.encode('utf-16-be').hex()}> Tj ET"
            for x, y, size, text in page.texts
        ]
        stream = "\n".join(lines).encode()
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {6 + 2 * i} 0 R "
            "/Resources << /Font << /F 3 0 R >> >> >>".encode()
        )
        bodies.append(f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream")
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}".encode()
    out += f"trailer << /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
