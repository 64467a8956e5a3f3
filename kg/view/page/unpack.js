// The graph, unpacked from the page's blocks: numbers as typed arrays, names as one text with line offsets.

const graph = {};

async function inflate(id) {
  const holder = $(id);
  const text = holder.textContent;
  let bytes;
  if (Uint8Array.fromBase64) bytes = Uint8Array.fromBase64(text);
  else {
    const raw = atob(text);
    bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  }
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const inflateText = async (id) => new TextDecoder().decode(await inflate(id));

/** Blocks that are opened when asked for, each once. */
const opened = new Map();
function block(name, read) {
  if (!opened.has(name)) opened.set(name, inflateText("block-" + name).then(read));
  return opened.get(name);
}

function columns(bytes, layout) {
  let at = 0;
  for (const [name, size, stepped] of layout) {
    const column = new Uint32Array(size);
    const [a, b, c, d] = [at, at + size, at + 2 * size, at + 3 * size];
    for (let i = 0; i < size; i++) column[i] = bytes[a + i] | bytes[b + i] << 8 | bytes[c + i] << 16 | bytes[d + i] << 24;
    if (stepped) for (let i = 1; i < size; i++) column[i] += column[i - 1];
    graph[name] = column;
    at += 4 * size;
  }
}

/** Where each line of `text` starts; the last entry is where a further one would. */
function lineStarts(text, size) {
  const starts = new Uint32Array(size + 1);
  for (let i = 0, at = 0; i < size; i++) {
    starts[i] = at;
    at = text.indexOf("\n", at);
    at = at < 0 ? text.length + 1 : at + 1;
    starts[i + 1] = at;
  }
  return starts;
}

function sums(counts) {
  const starts = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) starts[i + 1] = starts[i] + counts[i];
  return starts;
}

/** Claims by entity, both directions: `near` holds claim numbers from `nearStart[entity]` on. */
function adjacency() {
  const { subject, object, size } = graph;
  const counts = new Uint32Array(size);
  for (let i = 0; i < subject.length; i++) {
    counts[subject[i]]++;
    if (object[i] !== subject[i]) counts[object[i]]++;
  }
  graph.degree = counts;
  graph.nearStart = sums(counts);
  const at = graph.nearStart.slice();
  graph.near = new Uint32Array(graph.nearStart[size]);
  for (let i = 0; i < subject.length; i++) {
    graph.near[at[subject[i]]++] = i;
    if (object[i] !== subject[i]) graph.near[at[object[i]]++] = i;
  }
}

async function unpack(progress) {
  graph.meta = JSON.parse(await inflateText("meta"));
  progress(15);
  columns(await inflate("block-numbers"), graph.meta.columns);
  progress(45);
  graph.names = await inflateText("block-entities");
  graph.size = graph.entity_class.length;
  graph.nameStart = lineStarts(graph.names, graph.size);
  progress(65);
  const documents = await inflateText("block-documents");
  graph.documents = documents.length ? documents.split("\n") : [];
  graph.evidenceStart = sums(graph.evidence_count);
  graph.speakerStart = sums(graph.speaker_count);
  graph.figureStart = sums(graph.figure_count);
  progress(75);
  adjacency();
  graph.highest = Math.max(1, graph.degree.reduce((a, b) => Math.max(a, b), 0));
  progress(90);
}

/** All that is known of an entity's names. */
function entity(i) {
  const [id, hans, hant, en, marks, aliases, unsure] = graph.names.slice(graph.nameStart[i], graph.nameStart[i + 1] - 1).split("\t");
  return {
    id, hans, hant: hant || hans, en, unsure: Boolean(unsure), cls: graph.meta.classes[graph.entity_class[i]].name,
    marks: marks ? marks.split("\x1f").map((m) => [m.slice(0, m.indexOf("=")), m.slice(m.indexOf("=") + 1)]) : [],
    aliases: aliases ? aliases.split("\x1f") : [],
  };
}

/** The name of an entity in the reader's language. */
function nameOf(i) {
  const start = graph.nameStart[i];
  const [, hans, hant, en] = graph.names.slice(start, graph.nameStart[i + 1] - 1).split("\t", 4);
  return (language === "en" ? en || hans : language === "zh-Hant" ? hant || hans : hans) || en;
}

function labelOf(term) {
  return term.labels[language] || term.labels.en || term.name;
}

const classLabel = (i) => labelOf(graph.meta.classes[graph.entity_class[i]]);
const predicateLabel = (p) => labelOf(graph.meta.predicates[p]);

function classColour(cls) {
  const colours = graph.meta.look.classes;
  for (let name = cls; name;) {
    if (Object.hasOwn(colours, name)) return colours[name][theme === "dark" ? 1 : 0];
    const above = graph.meta.classes.find((c) => c.name === name);
    name = above && above.parent;
  }
  return colours.Entity[theme === "dark" ? 1 : 0];
}

/** A document by number: id, title, name, date, source, language, authors. */
function documentOf(d) {
  const [id, title, name, date, source, tongue, authors] = (graph.documents[d] || "").split("\t");
  return { id, title, name, date, source, language: tongue, authors: authors ? authors.split("\x1f") : [] };
}

const articles = () => block("articles", (text) => text.split("\n"));

async function articleOf(a) {
  if (a < 0) return null;
  const [id, title, authors] = ((await articles())[a] || "").split("\t");
  return { id, title, authors: authors ? authors.split("\x1f") : [] };
}

const negated = (claim) => (graph.stance[claim] & 1) === 1;
const modality = (claim) => graph.meta.modalities[graph.stance[claim] >> 1];

const speakersOf = (claim) => [...graph.speaker.subarray(graph.speakerStart[claim], graph.speakerStart[claim + 1])];

function evidenceChunk(text) {
  const chunk = JSON.parse(text);
  for (const column of [chunk.quote, chunk.article, chunk.start]) for (let i = 1; i < column.length; i++) column[i] += column[i - 1];
  return chunk;
}

/** Evidences of a claim: quotation, document, article, offsets. */
async function evidenceOf(claim) {
  const found = [];
  for (let k = graph.evidenceStart[claim]; k < graph.evidenceStart[claim + 1]; k++) {
    const e = graph.evidence[k];
    const chunk = await block("evidence" + Math.floor(e / graph.meta.chunk), evidenceChunk), row = e % graph.meta.chunk;
    const quote = chunk.quotes[chunk.quote[row]], start = chunk.start[row];
    found.push({ quote, document: graph.evidence_document[e] - 1, article: chunk.article[row], start, end: start + [...quote].length + chunk.longer[row] });
  }
  return found;
}

/** Figures of an entity. */
async function figuresOf(i) {
  const found = [];
  for (let k = graph.figureStart[i]; k < graph.figureStart[i + 1]; k++) {
    const chunk = await block("figures" + Math.floor(k / graph.meta.chunk), JSON.parse);
    const [indicator, value, unit, kind, start, end, text, qualifier, confidence, speakers, places] = chunk[k % graph.meta.chunk];
    found.push({ indicator, value, unit, kind, start, end, text, qualifier, confidence, speakers, places });
  }
  return found;
}

const extra = () => block("extra", JSON.parse);
