// Filters: which claims pass, and how many there would be for each choice. Nothing chosen means all.

const FACETS = ["cls", "predicate", "document", "speaker", "modality", "polarity"];
const CLS = 1, PREDICATE = 2, DOCUMENT = 4, SPEAKER = 8, MODALITY = 16, POLARITY = 32, CONFIDENCE = 64, DATE = 128;

const filters = { cls: new Set(), predicate: new Set(), document: new Set(), speaker: new Set(), modality: new Set(), polarity: new Set(), confidence: 0, from: 0, to: 0 };
const passing = {};

function filtering() {
  return FACETS.some((f) => filters[f].size) || filters.confidence > 0 || filters.from > 0 || filters.to > 0;
}

function clearFilters() {
  for (const f of FACETS) filters[f].clear();
  filters.confidence = filters.from = filters.to = 0;
}

function flags(chosen, size) {
  if (!chosen.size) return null;
  const made = new Uint8Array(size);
  for (const i of chosen) made[i] = 1;
  return made;
}

/** Fills `passing`: `claim` (1 passes), `weight` (claims by entity, class aside), `bare` (no filter but class), counts for each facet and date. */
function applyFilters() {
  const g = graph, size = g.subject.length, { meta } = g;
  const cls = flags(filters.cls, meta.classes.length), predicate = flags(filters.predicate, meta.predicates.length);
  const doc = flags(filters.document, g.documents.length), speaker = flags(filters.speaker, g.size + 1);
  const manner = flags(filters.modality, 3), polarity = flags(filters.polarity, 2);
  const from = filters.from, to = filters.to || 99999999, dated = from > 0 || filters.to > 0;
  passing.claim = new Uint8Array(size);
  passing.weight = new Uint32Array(g.size);
  passing.count = 0;
  const counts = passing.counts = {
    cls: new Uint32Array(meta.classes.length), predicate: new Uint32Array(meta.predicates.length), document: new Uint32Array(g.documents.length),
    speaker: new Uint32Array(g.size + 1), modality: new Uint32Array(3), polarity: new Uint32Array(2), date: new Uint32Array(brush.bins),
  };
  const bin = brush.bin;
  for (let i = 0; i < size; i++) {
    const s = g.subject[i], o = g.object[i], p = g.predicate[i], stance = g.stance[i];
    let miss = 0;
    if (cls && !(cls[g.entity_class[s]] && cls[g.entity_class[o]])) miss |= CLS;
    if (predicate && !predicate[p]) miss |= PREDICATE;
    const voice = g.speakerStart[i], silent = g.speakerStart[i + 1];
    if (speaker) {
      let heard = voice === silent && speaker[0];
      for (let k = voice; k < silent; k++) heard |= speaker[g.speaker[k] + 1];
      if (!heard) miss |= SPEAKER;
    }
    if (manner && !manner[stance >> 1]) miss |= MODALITY;
    if (polarity && !polarity[stance & 1]) miss |= POLARITY;
    if (g.confidence[i] < filters.confidence) miss |= CONFIDENCE;
    const first = g.evidenceStart[i], last = g.evidenceStart[i + 1];
    if (doc || dated) {
      let inDocument = !doc, inDate = !dated;
      for (let k = first; k < last; k++) {
        const d = g.evidence_document[g.evidence[k]] - 1;
        if (d < 0) continue;
        if (doc && doc[d]) inDocument = true;
        const day = g.document_date[d];
        if (dated && day && day >= from && day <= to) inDate = true;
      }
      if (!inDocument) miss |= DOCUMENT;
      if (!inDate) miss |= DATE;
    }
    if (miss === 0) { passing.claim[i] = 1; passing.count++; }
    if ((miss & ~CLS) === 0) { passing.weight[s]++; if (o !== s) passing.weight[o]++; }
    if ((miss & ~PREDICATE) === 0) counts.predicate[p]++;
    if ((miss & ~SPEAKER) === 0) {
      if (voice === silent) counts.speaker[0]++;
      for (let k = voice; k < silent; k++) counts.speaker[g.speaker[k] + 1]++;
    }
    if ((miss & ~MODALITY) === 0) counts.modality[stance >> 1]++;
    if ((miss & ~POLARITY) === 0) counts.polarity[stance & 1]++;
    if ((miss & ~DOCUMENT) === 0 || (miss & ~DATE) === 0) {
      for (let k = first; k < last; k++) {
        const d = g.evidence_document[g.evidence[k]] - 1;
        if (d < 0) continue;
        if ((miss & ~DOCUMENT) === 0) counts.document[d]++;
        if ((miss & ~DATE) === 0 && bin.length && bin[d] < 65535) counts.date[bin[d]]++;
      }
    }
  }
  passing.bare = !FACETS.some((f) => f !== "cls" && filters[f].size) && !filters.confidence && !dated;
  for (let i = 0; i < g.size; i++) if (passing.bare || passing.weight[i]) counts.cls[g.entity_class[i]]++;
}

const shownClass = (i) => !filters.cls.size || filters.cls.has(graph.entity_class[i]);
