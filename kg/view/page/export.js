// What is shown, to take away: a picture, a table of claims, or Turtle in the graph's vocabulary.

function keep(name, blob) {
  const address = URL.createObjectURL(blob);
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

const shownClaims = () => scene.edges.flatMap((e) => e.claims).sort((a, b) => a - b);

function exportPicture() {
  const drawn = $("canvas").querySelector("canvas"), picture = el("canvas", { width: drawn.width, height: drawn.height });
  const context = picture.getContext("2d");
  context.fillStyle = tone("background");
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(drawn, 0, 0);
  picture.toBlob((blob) => keep("graph.png", blob), "image/png");
}

/** A cell that no spreadsheet takes for a formula. */
function cell(value) {
  const text = String(value ?? "");
  const tame = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? "'" + text : text;
  return /[",\n\r]/.test(tame) ? '"' + tame.replaceAll('"', '""') + '"' : tame;
}

async function claimsTable() {
  const rows = [["subject", "subject_id", "predicate", "object", "object_id", "polarity", "modality", "confidence", "speaker", "quote", "document", "date", "start", "end"]];
  for (const c of shownClaims()) {
    const found = await evidenceOf(c), s = entity(graph.subject[c]), o = entity(graph.object[c]);
    for (const e of found.length ? found : [{ quote: "", document: -1, start: "", end: "" }]) {
      const d = documentOf(e.document);
      rows.push([nameOf(graph.subject[c]), s.id, graph.meta.predicates[graph.predicate[c]].name, nameOf(graph.object[c]), o.id, negated(c) ? "negated" : "affirmed", modality(c),
        graph.confidence[c] / 100, speakersOf(c).map(nameOf).join("、"), e.quote, d.title || d.name, d.date, e.start, e.end]);
    }
  }
  return "\ufeff" + rows.map((r) => r.map(cell).join(",")).join("\r\n") + "\r\n";
}

const literal = (text) => '"' + text.replace(/[\\"]/g, "\\$&").replace(/[\u0000-\u001f\u007f]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0")) + '"';

/** The IRI of an entity; one whose id is not of safe characters alone is percent-encoded. */
const iri = (i) => "<" + graph.meta.base + "entity/" + encodeURIComponent(entity(i).id).replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16)) + ">";

/** Entities with their names, and the direct triples of claims that are affirmed facts. */
function turtle() {
  const lines = ["@prefix jl: <https://w3id.org/jinluo/ontology#> .", "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .", ""];
  for (const i of [...scene.nodes].sort((a, b) => a - b)) {
    const e = entity(i), names = [[e.hans, "zh-Hans"], [e.hant, "zh-Hant"], [e.en, "en"]].filter(([name]) => name);
    lines.push(iri(i) + " a jl:" + e.cls + " ;\n  skos:prefLabel " + names.map(([name, tag]) => literal(name) + "@" + tag).join(", ") +
      (e.aliases.length ? " ;\n  skos:altLabel " + e.aliases.map(literal).join(", ") : "") + " .");
  }
  lines.push("");
  const facts = shownClaims().filter((c) => !negated(c) && modality(c) === "fact");
  lines.push(...new Set(facts.map((c) => iri(graph.subject[c]) + " jl:" + graph.meta.predicates[graph.predicate[c]].name + " " + iri(graph.object[c]) + " .")));
  return lines.join("\n") + "\n";
}

const EXPORTS = {
  png: exportPicture,
  csv: async () => keep("claims.csv", new Blob([await claimsTable()], { type: "text/csv" })),
  ttl: () => keep("graph.ttl", new Blob([turtle()], { type: "text/turtle" })),
};
