// What the reader looks at, and its form in the address, so that back, forward and a copied link all work.

const opening = JSON.parse($("opening").textContent);
opening.most = 220;

const state = { mode: "overview", roots: [], ends: [], depth: 1, top: 30, expanded: new Map(), hidden: new Set(), pinned: new Set(), chosen: null, table: false };
let written = "";

const idOf = (i) => encodeURIComponent(graph.names.slice(graph.nameStart[i], graph.names.indexOf("\t", graph.nameStart[i])));

/** The number of the entity with this id, or -1. */
function numberOf(id) {
  let wanted;
  try { wanted = decodeURIComponent(id); } catch { return -1; }
  if (graph.names.startsWith(wanted + "\t")) return 0;
  const at = graph.names.indexOf("\n" + wanted + "\t");
  return at < 0 ? -1 : owner(graph.nameStart, at + 1);
}

function address() {
  const parts = [], add = (key, value) => { if (value !== "" && value !== null) parts.push(key + "=" + value); };
  const ids = (list) => [...list].map(idOf).join(",");
  if (state.mode === "focus") { add("focus", ids(state.roots)); add("depth", state.depth); add("top", state.top); }
  if (state.mode === "path") add("path", ids(state.ends));
  add("expand", [...state.expanded].map(([i, n]) => idOf(i) + "*" + n).join(","));
  add("hide", ids(state.hidden));
  add("pin", ids(state.pinned));
  if (state.chosen) add("at", state.chosen.pair ? state.chosen.pair.map(idOf).join("~") : idOf(state.chosen.entity));
  add("class", [...filters.cls].map((i) => graph.meta.classes[i].name).join(","));
  add("predicate", [...filters.predicate].map((i) => graph.meta.predicates[i].name).join(","));
  add("document", [...filters.document].map((d) => encodeURIComponent(documentOf(d).id)).join(","));
  add("speaker", [...filters.speaker].map((i) => (i ? idOf(i - 1) : "-")).join(","));
  add("modality", [...filters.modality].map((i) => graph.meta.modalities[i]).join(","));
  add("polarity", [...filters.polarity].map((i) => ["affirmed", "negated"][i]).join(","));
  if (filters.confidence) add("confidence", filters.confidence);
  if (filters.from || filters.to) add("date", filters.from + "-" + filters.to);
  if (state.table) add("view", "table");
  return "#" + parts.join("&");
}

/** Takes the state from the address. What it names that is not there is passed over. */
function readAddress() {
  const given = new Map(location.hash.slice(1).split("&").map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)]));
  const list = (key) => (given.get(key) || "").split(",").filter(Boolean);
  const entities = (key) => list(key).map(numberOf).filter((i) => i >= 0);
  const among = (key, names) => new Set(list(key).map((n) => names.indexOf(n)).filter((i) => i >= 0));
  const roots = entities("focus"), ends = entities("path");
  state.mode = roots.length ? "focus" : ends.length === 2 ? "path" : "overview";
  state.roots = roots;
  state.ends = ends;
  state.depth = clamp(Number(given.get("depth")) || 1, 1, 3);
  state.top = clamp(Number(given.get("top")) || 30, 1, 200);
  state.expanded = new Map(list("expand").map((x) => [numberOf(x.split("*")[0]), clamp(Number(x.split("*")[1]) || 30, 1, 300)]).filter(([i]) => i >= 0));
  state.hidden = new Set(entities("hide"));
  state.pinned = new Set(entities("pin"));
  const at = given.get("at") || "", pair = at.split("~").map(numberOf);
  state.chosen = !at || pair.includes(-1) ? null : pair.length === 2 ? { pair: pair.sort((a, b) => a - b) } : { entity: pair[0] };
  clearFilters();
  filters.cls = among("class", graph.meta.classes.map((c) => c.name));
  filters.predicate = among("predicate", graph.meta.predicates.map((p) => p.name));
  const documents = list("document").map((x) => { try { return decodeURIComponent(x); } catch { return ""; } });
  if (documents.length) graph.documents.forEach((line, d) => { if (documents.includes(line.slice(0, line.indexOf("\t")))) filters.document.add(d); });
  filters.speaker = new Set(list("speaker").map((x) => (x === "-" ? 0 : numberOf(x) + 1)).filter((i, k) => i > 0 || list("speaker")[k] === "-"));
  filters.modality = among("modality", graph.meta.modalities);
  filters.polarity = among("polarity", ["affirmed", "negated"]);
  filters.confidence = clamp(Number(given.get("confidence")) || 0, 0, 100);
  const [from, to] = (given.get("date") || "").split("-").map((x) => Number(x) || 0);
  filters.from = from || 0;
  filters.to = to || 0;
  state.table = given.get("view") === "table";
}

function writeAddress(replace) {
  const next = address();
  if (next === written) return;
  written = next;
  if (replace) history.replaceState(null, "", next);
  else history.pushState(null, "", next);
}

/** Changes the state and shows it. */
function go(change) {
  Object.assign(state, change);
  writeAddress(false);
  show(true);
}

function focusOn(roots) {
  go({ mode: "focus", roots, expanded: new Map(), chosen: { entity: roots[0] }, hidden: new Set([...state.hidden].filter((i) => !roots.includes(i))) });
}

function expand(i) {
  const expanded = new Map(state.expanded);
  expanded.set(i, Math.min((expanded.get(i) || 0) + 20, 300));
  Object.assign(state, { expanded });
  writeAddress(false);
  show(false);
}

function pin(i) {
  const pinned = new Set(state.pinned);
  if (!pinned.delete(i)) pinned.add(i);
  Object.assign(state, { pinned });
  writeAddress(true);
  restyle();
  drawPanel();
}

function hide(i) {
  const pinned = new Set(state.pinned);
  pinned.delete(i);
  Object.assign(state, { hidden: new Set([...state.hidden, i]), pinned, chosen: null });
  writeAddress(false);
  show(false);
}

/** Chooses an entity or a pair (null for none). With `bring`, one that is not shown is brought in by focusing on it. */
function choose(what, bring) {
  if (bring && what && what.entity !== undefined && !scene.layer.has(what.entity)) { focusOn([what.entity]); return; }
  state.chosen = what && what.pair ? { pair: [...what.pair].sort((a, b) => a - b) } : what;
  writeAddress(false);
  restyle();
  drawPanel();
  if (what) say(what.pair ? what.pair.map(nameOf).join(" — ") : nameOf(what.entity) + ", " + classLabel(what.entity));
}

function filtersChanged() {
  writeAddress(false);
  applyFilters();
  show(state.mode === "overview");
  drawFilters();
}

function drawFilters() {
  drawSidebar();
  drawBrush();
}

/** Makes the scene again and draws all that depends on it. */
function show(fit) {
  buildScene();
  drawPanel();
  drawScene(fit);
  drawTrail();
  drawTable();
  say(t("canvas_size", { n: count(scene.nodes.length), m: count(scene.edges.length) }));
}
