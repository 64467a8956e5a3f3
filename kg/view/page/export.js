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

const entityIri = (i) => "ent:" + localId(entity(i).id);

/** The selection in the graph's vocabulary: entities, direct triples, claims with their evidence, documents. */
async function turtle() {
  const base = graph.meta.base, lines = [
    "@prefix jl: <https://w3id.org/jinluo/ontology#> .", "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
    "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .", "@prefix prov: <http://www.w3.org/ns/prov#> .",
    "@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .", "@prefix dcterms: <http://purl.org/dc/terms/> .",
    ...["ent:entity/", "claim:claim/", "ev:ev/", "doc:doc/"].map((p) => "@prefix " + p.replace(":", ": <" + base) + "> ."), "",
  ];
  for (const i of [...scene.nodes].sort((a, b) => a - b)) lines.push(entityTurtle(i));
  const found = new Map(), documents = new Set();
  for (const c of shownClaims()) lines.push(...(await claimTurtle(c, found)));
  for (const [id, e] of found) {
    if (e.document >= 0) documents.add(e.document);
    lines.push(`ev:${id} a jl:Evidence ; nif:anchorOf ${literal(e.quote)} ; nif:beginIndex ${e.start} ; nif:endIndex ${e.end}` +
      (e.document >= 0 ? ` ; prov:hadPrimarySource doc:${localId(documentOf(e.document).id)}` : "") + " .");
  }
  for (const d of documents) {
    const { id, title } = documentOf(d);
    lines.push(`doc:${localId(id)} a jl:Document` + (title ? ` ; dcterms:title ${literal(title)}` : "") + " .");
  }
  return lines.join("\n") + "\n";
}

function entityTurtle(i) {
  const e = entity(i), tags = [[e.hans, "zh-Hans"], [e.hant, "zh-Hant"], [e.en, "en"]].filter(([name]) => name);
  return `${entityIri(i)} a jl:${e.cls} ; skos:prefLabel ` + tags.map(([name, tag]) => literal(name) + "@" + tag).join(", ") + " .";
}

/** A claim, its direct triple when it has one, and into `found` its evidences by id. */
async function claimTurtle(c, found) {
  const s = graph.subject[c], o = graph.object[c], predicate = graph.meta.predicates[graph.predicate[c]];
  const polarity = negated(c) ? "negated" : "affirmed", direct = polarity === "affirmed" && modality(c) === "fact";
  const ids = (await evidenceOf(c)).map((e) => {
    const id = contentId(documentOf(e.document).id, e.start, e.end);
    found.set(id, e);
    return "ev:" + id;
  });
  const node = "claim:" + contentId(entity(s).id, predicate.name, entity(o).id, polarity, modality(c));
  const lines = [`${node} a jl:Claim, rdf:Statement ; rdf:subject ${entityIri(s)} ; rdf:predicate jl:${predicate.name} ; rdf:object ${entityIri(o)} ; ` +
    `jl:polarity "${polarity}" ; jl:modality "${modality(c)}"` + speakersOf(c).map((i) => " ; jl:attributedTo " + entityIri(i)).join("") +
    (ids.length ? " ; prov:wasDerivedFrom " + ids.join(", ") : "") + " ."];
  if (direct) lines.push(`${entityIri(s)} jl:${predicate.name} ${entityIri(o)} .`);
  if (direct && predicate.symmetric) lines.push(`${entityIri(o)} jl:${predicate.name} ${entityIri(s)} .`);
  return lines;
}

const EXPORTS = {
  png: exportPicture,
  csv: async () => keep("claims.csv", new Blob([await claimsTable()], { type: "text/csv" })),
  ttl: async () => keep("graph.ttl", new Blob([await turtle()], { type: "text/turtle" })),
};
