// The canvas: vis-network draws dots and lines; names, communities and counts are drawn here, never over each other.

const canvas = { network: null, busy: false, labels: false, hover: null, hoverEdge: null, ranked: [], byId: new Map() };
const DIRECTED = 150; // Most edges that all show their direction; of more, only those of what is chosen.
const FONT = '"Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei","Hiragino Sans GB","Noto Sans CJK TC","PingFang TC","Microsoft JhengHei",system-ui,sans-serif';

const tone = (name) => graph.meta.look.canvas[theme][name];

function mix(colour, ground, share) {
  const part = (text, k) => parseInt(text.slice(1 + 2 * k, 3 + 2 * k), 16);
  return "#" + [0, 1, 2].map((k) => Math.round(part(colour, k) * share + part(ground, k) * (1 - share)).toString(16).padStart(2, "0")).join("");
}

function startCanvas() {
  canvas.nodes = new vis.DataSet();
  canvas.edges = new vis.DataSet();
  canvas.network = new vis.Network($("canvas"), { nodes: canvas.nodes, edges: canvas.edges }, {
    autoResize: true, physics: { enabled: false }, layout: { improvedLayout: false },
    interaction: { hover: true, hoverConnectedEdges: false, selectConnectedEdges: false, keyboard: false, zoomSpeed: 0.7, multiselect: false },
    nodes: { shape: "dot", borderWidth: 1.5, borderWidthSelected: 1.5, font: { size: 0 }, chosen: false, labelHighlightBold: false },
    edges: { smooth: false, chosen: false, selectionWidth: 0, font: { size: 0 }, arrows: { to: { scaleFactor: 0.4 }, from: { scaleFactor: 0.4 } } },
  });
  const { network } = canvas;
  network.on("beforeDrawing", (context) => { canvas.began = performance.now(); drawGroups(context); });
  network.on("afterDrawing", (context) => { drawNames(context); $("canvas").dataset.redraw = (performance.now() - canvas.began).toFixed(1); });
  network.on("click", ({ nodes, edges }) => {
    if (nodes.length && String(nodes[0]).startsWith("more")) expand(Number(String(nodes[0]).slice(4)));
    else if (nodes.length) choose({ entity: nodes[0] });
    else if (edges.length && !String(edges[0]).startsWith("more")) choose({ pair: String(edges[0]).split("-").map(Number) });
    else choose(null);
  });
  network.on("doubleClick", ({ nodes }) => { if (nodes.length && typeof nodes[0] === "number") focusOn([nodes[0]]); });
  network.on("hoverNode", ({ node }) => hover(node, null));
  network.on("blurNode", () => hover(null, null));
  network.on("hoverEdge", ({ edge }) => hover(null, String(edge)));
  network.on("blurEdge", () => hover(null, null));
  network.on("dragEnd", ({ nodes }) => {
    for (const i of nodes) {
      const at = network.getPositions([i])[i];
      if (typeof i === "number") places.set(i, at);
    }
  });
}

function hover(node, edge) {
  canvas.hover = node;
  canvas.hoverEdge = edge;
  $("canvas").classList.toggle("pointing", node !== null || edge !== null);
  canvas.network.redraw();
}

/** Entities that stand out because something is chosen; null when nothing is. */
function lit() {
  if (!state.chosen) return null;
  if (state.chosen.pair) return new Set(state.chosen.pair);
  const around = new Set([state.chosen.entity]);
  for (const e of scene.edges) if (e.a === state.chosen.entity || e.b === state.chosen.entity) { around.add(e.a); around.add(e.b); }
  return around;
}

function isLit(edge) {
  const { chosen } = state;
  return chosen.pair ? edge.id === chosen.pair.join("-") : edge.a === chosen.entity || edge.b === chosen.entity;
}

function nodeStyle(i, bright) {
  const full = classColour(graph.meta.classes[graph.entity_class[i]].name), ground = tone("background");
  const faded = bright && !bright.has(i), chosen = state.chosen && (state.chosen.entity === i || state.chosen.pair?.includes(i));
  const root = state.mode === "focus" && state.roots.includes(i);
  const { x, y } = places.get(i);
  return {
    id: i, x, y, size: radiusOf(i), borderWidth: chosen || root ? 3 : 1.5,
    color: { background: faded ? mix(full, ground, 0.25) : full, border: chosen || root ? tone("ring") : faded ? ground : mix(full, ground, 0.6) },
    shapeProperties: { borderDashes: state.pinned.has(i) ? [3, 3] : false },
  };
}

function edgeStyle(edge) {
  const denied = edge.claims.every(negated), unsure = edge.claims.every((c) => modality(c) !== "fact");
  const forth = edge.claims.some((c) => graph.subject[c] === edge.a && !graph.meta.predicates[graph.predicate[c]].symmetric);
  const back = edge.claims.some((c) => graph.subject[c] === edge.b && !graph.meta.predicates[graph.predicate[c]].symmetric);
  const bright = state.chosen ? isLit(edge) : null;
  const directed = bright === null ? scene.drawn.length <= DIRECTED : bright;
  const plain = denied ? mix(tone("negated"), tone("background"), 0.6) : tone("edge");
  return {
    id: edge.id, from: edge.a, to: edge.b, width: Math.min(1 + 0.7 * Math.log2(edge.claims.length), 4) * (bright ? 1.5 : 1),
    color: { color: bright === null ? plain : bright ? (denied ? tone("negated") : tone("strong")) : tone("faint"), inherit: false },
    dashes: denied ? [2, 4] : unsure ? [7, 4] : false,
    arrows: { to: { enabled: forth && directed }, from: { enabled: back && directed } },
  };
}

function moreStyle(i) {
  const { x, y } = places.get(i), r = radiusOf(i);
  return {
    id: "more" + i, x: x + r + 26, y: y - r - 12, size: 11, borderWidth: 1.5,
    color: { background: tone("pill"), border: tone("strong") }, shapeProperties: { borderDashes: [3, 2] },
  };
}

/** The heaviest edges, and those of what is chosen. */
function drawnEdges() {
  return state.chosen ? [...new Set([...scene.drawn, ...scene.edges.filter(isLit)])] : scene.drawn;
}

/** Shows the scene. With `fit`, moves the eye so that all of it is seen. */
function drawScene(fit) {
  const bright = lit();
  canvas.busy = true;
  canvas.byId = new Map(scene.edges.map((e) => [e.id, e]));
  canvas.ranked = [...scene.nodes].sort((a, b) => graph.degree[b] - graph.degree[a] || a - b);
  const nodes = canvas.nodes = new vis.DataSet([...scene.nodes.map((i) => nodeStyle(i, bright)), ...[...scene.more.keys()].map(moreStyle)]);
  const edges = canvas.edges = new vis.DataSet([...drawnEdges().map(edgeStyle),
    ...[...scene.more.keys()].map((i) => ({ id: "more" + i, from: i, to: "more" + i, color: { color: tone("strong"), inherit: false }, dashes: [3, 2], width: 1, arrows: "" }))]);
  canvas.network.setData({ nodes, edges });
  canvas.busy = false;
  if (fit) fitScene();
  else canvas.network.redraw();
  $("canvas").setAttribute("aria-label", t("canvas_label", { n: count(scene.nodes.length), m: count(scene.edges.length) }));
}

/** Colours again, positions as they are. */
function restyle() {
  const bright = lit();
  canvas.nodes.update(scene.nodes.map((i) => { const { x, y, ...style } = nodeStyle(i, bright); return style; }));
  const wanted = drawnEdges(), extra = canvas.edges.getIds().filter((id) => !String(id).startsWith("more") && !wanted.some((e) => e.id === id));
  canvas.edges.remove(extra);
  canvas.edges.update(wanted.map(edgeStyle));
}

function fitScene() {
  const box = $("canvas").getBoundingClientRect();
  if (!scene.nodes.length || !box.width) return;
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const i of scene.nodes) {
    const { x, y } = places.get(i), r = radiusOf(i);
    left = Math.min(left, x - r - 34); right = Math.max(right, x + r + 34); top = Math.min(top, y - r - 12); bottom = Math.max(bottom, y + r + 24);
  }
  const cover = getComputedStyle($("panel")).position === "absolute" && state.chosen ? $("panel").offsetHeight - $("brush").offsetHeight : 0;
  const head = 48, tall = Math.max(box.height - head - cover, 80);
  const scale = clamp(Math.min(box.width / (right - left), tall / (bottom - top)), 0.05, 1.25);
  canvas.network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 - (head - cover) / 2 / scale }, scale, animation: false });
}

/** A soft ground under each community of the opening. */
function drawGroups(context) {
  const members = new Map();
  for (const [i, group] of scene.groups) if (places.has(i) && scene.layer.has(i)) members.set(group, [...(members.get(group) || []), i]);
  canvas.titles = [];
  for (const [group, nodes] of [...members].sort((a, b) => b[0] - a[0])) {
    if (nodes.length < 4) continue;
    const points = hull(nodes.map((i) => places.get(i)));
    const lead = nodes.reduce((a, b) => (graph.degree[b] > graph.degree[a] ? b : a));
    const colour = mix(classColour(graph.meta.classes[graph.entity_class[lead]].name), tone("background"), 0.07);
    context.beginPath();
    points.forEach((p, k) => (k ? context.lineTo(p.x, p.y) : context.moveTo(p.x, p.y)));
    context.closePath();
    context.fillStyle = context.strokeStyle = colour;
    context.lineJoin = "round";
    context.lineWidth = 60;
    context.stroke();
    context.fill();
  }
}

/** The convex hull of points (Andrew's monotone chain). */
function hull(points) {
  const sorted = [...points].sort((p, q) => p.x - q.x || p.y - q.y);
  const cross = (o, a, b) => (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
  const half = (list) => {
    const made = [];
    for (const p of list) {
      while (made.length > 1 && cross(made.at(-2), made.at(-1), p) <= 0) made.pop();
      made.push(p);
    }
    return made.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

/** Names at a constant size on the screen: the weightiest first, none over another. */
function drawNames(context) {
  if (canvas.busy) return;
  const scale = canvas.network.getScale(), unit = 1 / scale, taken = [], bright = lit();
  const { x: cx, y: cy } = canvas.network.getViewPosition(), box = $("canvas").getBoundingClientRect();
  const seen = { left: cx - (box.width * unit) / 2, right: cx + (box.width * unit) / 2, top: cy - (box.height * unit) / 2, bottom: cy + (box.height * unit) / 2 };
  const free = (a) => a.right > seen.left && a.left < seen.right && a.bottom > seen.top && a.top < seen.bottom &&
    !taken.some((b) => a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top);
  context.textAlign = "center";
  context.textBaseline = "middle";
  const first = canvas.ranked.filter((i) => i === canvas.hover || (state.chosen && (state.chosen.entity === i || state.chosen.pair?.includes(i))) || (state.mode === "focus" && state.roots.includes(i)));
  const rest = bright ? [...canvas.ranked.filter((i) => bright.has(i)), ...canvas.ranked.filter((i) => !bright.has(i))] : canvas.ranked;
  const done = new Set();
  for (const [list, must] of [[first, true], [rest, false]]) {
    for (const i of list) {
      if (done.has(i)) continue;
      done.add(i);
      const share = Math.sqrt(Math.min(1, graph.degree[i] / scene.scale)), size = (11 + 4 * share) * unit;
      const text = shortName(i), strong = must || share > 0.55;
      const image = labelImage(text, Math.round(11 + 4 * share), strong), wide = image.wide * unit;
      const { x, y } = canvas.network.body.nodes[i] || places.get(i), middle = y + radiusOf(i) + size * 0.85;
      const area = { left: x - wide / 2, right: x + wide / 2, top: middle - size * 0.6, bottom: middle + size * 0.6 };
      if (!must && !free(area)) continue;
      taken.push(area);
      context.globalAlpha = bright && !bright.has(i) ? 0.3 : 1;
      context.drawImage(image.drawn, x - wide / 2 - 4 * unit, middle - (image.tall * unit) / 2, wide + 8 * unit, image.tall * unit);
    }
  }
  context.globalAlpha = 1;
  for (const [i, left] of scene.more) {
    const at = canvas.network.body.nodes["more" + i];
    context.font = "600 9px " + FONT;
    context.fillStyle = tone("strong");
    if (at) context.fillText("+" + (left > 999 ? "1k" : left), at.x, at.y + 0.5);
  }
  drawEdgeNames(context, unit, free, taken);
}

/** Predicates of edges that are hovered or belong to what is chosen (all, when asked for), and counts of folded ones. */
function drawEdgeNames(context, unit, free, taken) {
  const shown = drawnEdges(), named = shown.filter((e) => e.id === canvas.hoverEdge || canvas.labels || (state.chosen && isLit(e)) || state.mode === "path");
  const counted = named.length < shown.length ? shown.filter((e) => e.claims.length > 1 && !named.includes(e)) : [];
  const size = 10.5 * unit;
  for (const [list, full] of [[named, true], [state.chosen ? [] : counted, false]]) {
    for (const e of [...list].sort((p, q) => q.claims.length - p.claims.length)) {
      const text = full ? predicatesOf(e) : "×" + e.claims.length;
      const p = canvas.network.body.nodes[e.a], q = canvas.network.body.nodes[e.b];
      if (!p || !q) continue;
      const x = (p.x + q.x) / 2, y = (p.y + q.y) / 2;
      context.font = size + "px " + FONT;
      const wide = measured(context, text, false) * size + 8 * unit, tall = 15 * unit;
      const area = { left: x - wide / 2, right: x + wide / 2, top: y - tall / 2, bottom: y + tall / 2 };
      const long = Math.hypot(p.x - q.x, p.y - q.y) > wide * 0.8;
      if (e.id !== canvas.hoverEdge && (!free(area) || (!full && !long))) continue;
      taken.push(area);
      context.fillStyle = full ? tone("pill") : tone("background");
      context.beginPath();
      context.roundRect(area.left, area.top, wide, tall, 4 * unit);
      context.fill();
      context.fillStyle = full ? tone("label") : tone("muted");
      context.fillText(text, x, y + 0.5 * unit);
    }
  }
}

function predicatesOf(edge) {
  const names = new Map();
  for (const c of edge.claims) {
    const name = (negated(c) ? "¬" : "") + predicateLabel(graph.predicate[c]);
    names.set(name, (names.get(name) || 0) + 1);
  }
  const all = [...names].map(([name, n]) => (n > 1 ? name + " ×" + n : name));
  return all.slice(0, 3).join(" · ") + (all.length > 3 ? " …" : "");
}

const labels = new Map();
/** A name with its halo, drawn once: `size` pixels on the screen, `wide` and `tall` with it. */
function labelImage(text, size, strong) {
  const key = theme + size + strong + text;
  if (labels.has(key)) return labels.get(key);
  if (labels.size > 4000) labels.clear();
  const sharp = 2 * (devicePixelRatio || 1), drawn = document.createElement("canvas"), context = drawn.getContext("2d");
  const font = (strong ? "600 " : "") + size + "px " + FONT;
  context.font = font;
  const wide = context.measureText(text).width, tall = size * 1.7;
  drawn.width = Math.ceil((wide + 8) * sharp);
  drawn.height = Math.ceil(tall * sharp);
  context.scale(drawn.width / (wide + 8), drawn.height / tall);
  Object.assign(context, { font, textAlign: "center", textBaseline: "middle", lineJoin: "round", lineWidth: 3.5, strokeStyle: tone("halo"), fillStyle: tone("label") });
  context.strokeText(text, wide / 2 + 4, tall / 2);
  context.fillText(text, wide / 2 + 4, tall / 2);
  const made = { drawn, wide, tall };
  labels.set(key, made);
  return made;
}

const widths = new Map();
/** Width of `text` in units of its size. */
function measured(context, text, strong) {
  const key = (strong ? "!" : "") + text;
  if (!widths.has(key)) {
    const font = context.font;
    context.font = (strong ? "600 " : "") + "100px " + FONT;
    widths.set(key, context.measureText(text).width / 100);
    context.font = font;
  }
  return widths.get(key);
}

function shortName(i) {
  const name = nameOf(i), most = name.codePointAt(0) > 0x2e7f ? 14 : 26;
  const letters = [...name];
  return letters.length > most ? letters.slice(0, most - 1).join("") + "…" : name;
}
