"""The page as one HTML file: pyvis fills our own template, with every script allowed by its hash alone."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import importlib.resources
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyvis.network import Network

from kg.errors import GraphError
from kg.view import spelling
from kg.view.data import ViewData
from kg.view.opening import Spot, opening
from kg.view.packing import CHUNK, MODALITIES, STEPPED, Packed, blocks, name_of, pack, plain, squeeze

LIMIT = 50_000_000
"""Bytes of a page beyond which a browser takes long to open it."""
_PAGE = Path(__file__).parent / "page"
_SCRIPTS = (
    "base", "unpack", "search", "filters", "scene", "place", "draw", "evidence", "panel", "plot", "sidebar", "table",
    "identity", "export", "state", "main",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was written: where, and its size in bytes."""

    path: Path
    size: int

    @property
    def heavy(self) -> bool:
        """Whether it is over `LIMIT`; better served by `kg serve`, or split by period."""
        return self.size > LIMIT


def render(data: ViewData, path: Path, *, language: str = "") -> Page:
    """Writes the page of `data` to `path`, whole or not at all. `language`: en, zh-Hans, zh-Hant or the reader's own.

    Raises `GraphError` where the file cannot be written.
    """
    content = document(data, language=language).encode("utf-8")
    beside = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        os.replace(beside, path)
    except OSError as error:
        _discard(beside)
        raise GraphError(f"{path}: the page cannot be written ({error}); name another place with -o") from error
    return Page(path, len(content))


def _discard(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def document(data: ViewData, *, language: str = "") -> str:
    """The page of `data` as text."""
    predicates = sorted({*data.relations, *(c.predicate for c in data.claims)})
    classes = sorted({*data.classes, *(e.cls for e in data.entities)})
    packed = pack(data, predicates, classes)
    names = [plain(name_of(dict(e.labels), e.id)) for e in data.entities]
    spots, links = opening(packed, names)
    carried = {name: squeeze(content) for name, content in blocks(data, packed)}
    carried["spelling"] = squeeze(_json(_spelling(data)))
    meta = _meta(data, packed, predicates, classes)
    meta["language"] = language
    network = _network(spots, links, names)
    style, script = (_PAGE / "page.css").read_text(encoding="utf-8"), _script()
    library = _library()
    network.templateEnv.autoescape = True
    network.templateEnv.globals.update(
        page_title=plain(data.title) or "Jinluo",
        policy=_policy([library, script], style),
        style=style,
        scripts=[library, script],
        meta=squeeze(_json(meta)),
        blocks=carried,
        messages=json.loads((_PAGE / "messages.json").read_text(encoding="utf-8")),
    )
    html: str = network.generate_html()
    return html


def _network(spots: Sequence[Spot], links: Sequence[tuple[int, int, int]], names: Sequence[str]) -> Network:
    network = Network(height="100%", width="100%", directed=True)
    network.set_template_dir(str(_PAGE), "template.html")
    network.toggle_physics(False)
    for s in spots:
        network.add_node(s.entity, label=names[s.entity], x=s.x, y=s.y, size=s.size, group=s.group)
    for a, b, count in links:
        network.add_edge(a, b, value=count)
    return network


def _meta(data: ViewData, packed: Packed, predicates: Sequence[str], classes: Sequence[str]) -> dict[str, object]:
    """What the page's script must know before all else."""
    look = json.loads((_PAGE / "look.json").read_text(encoding="utf-8"))
    return {
        "title": plain(data.title),
        "base": data.base,
        "columns": [[name, len(column), name in STEPPED] for name, column in packed.columns.items()],
        "chunk": CHUNK,
        "modalities": MODALITIES,
        "classes": [_class(data, name) for name in classes],
        "predicates": [_predicate(data, name) for name in predicates],
        "look": look,
    }


def _class(data: ViewData, name: str) -> dict[str, object]:
    parent, labels = data.classes.get(name, ("", {}))
    return {"name": name, "parent": parent, "labels": dict(labels)}


def _predicate(data: ViewData, name: str) -> dict[str, object]:
    symmetric, labels = data.relations.get(name, (False, {}))
    return {"name": name, "symmetric": symmetric, "labels": dict(labels)}


def _spelling(data: ViewData) -> dict[str, object]:
    names = {plain(name) for e in data.entities for _, name in (*e.labels, *e.aliases)}
    written, folded = spelling.scripts(names)
    return {"written": written, "folded": folded, "pinyin": spelling.pinyin(names)}


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8")


def _script() -> str:
    """The page's own script: its parts in one scope."""
    parts = [(_PAGE / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS]
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "\n})();\n"


def _library() -> str:
    """vis-network as pyvis ships it, without the comment that names a source map elsewhere."""
    folder = importlib.resources.files("pyvis") / "templates" / "lib" / "vis-9.1.2"
    text = (folder / "vis-network.min.js").read_text(encoding="utf-8")
    return text.partition("\n//# sourceMappingURL")[0] + "\n"


def _policy(scripts: Sequence[str], style: str) -> str:
    """A content security policy: these scripts and this style alone, no address at all, no text as markup."""
    allowed = " ".join(_hash(s) for s in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; img-src data: blob:; connect-src 'none'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") + "'"
