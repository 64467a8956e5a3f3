// What is on the canvas: the opening, the neighbourhood of some entities, or the ways between two.

const MOST = 300, MOST_EDGES = 600;
const scene = { nodes: [], edges: [], drawn: [], more: new Map(), groups: new Map(), layer: new Map(), near: new Map() };

const otherEnd = (claim, i) => (graph.subject[claim] === i ? graph.object[claim] : graph.subject[claim]);

/** Neighbours of an entity through claims that pass, the most linked first: [entity, claims]. Kept while a scene stands. */
function neighbours(i) {
  if (!scene.near.has(i)) scene.near.set(i, rankedNeighbours(i));
  return scene.near.get(i);
}

function rankedNeighbours(i) {
  const weight = new Map();
  for (let k = graph.nearStart[i]; k < graph.nearStart[i + 1]; k++) {
    const claim = graph.near[k];
    if (!passing.claim[claim]) continue;
    const other = otherEnd(claim, i);
    if (other !== i && !state.hidden.has(other)) weight.set(other, (weight.get(other) || 0) + 1);
  }
  return [...weight].sort((a, b) => b[1] - a[1] || graph.degree[b[0]] - graph.degree[a[0]] || a[0] - b[0]);
}

function focusNodes() {
  const layer = new Map(state.roots.filter((i) => !state.hidden.has(i)).map((i) => [i, 0]));
  let ring = [...layer.keys()];
  for (let depth = 1; depth <= state.depth; depth++) {
    const share = depth === 1 ? state.top : Math.max(2, Math.ceil(state.top / (depth === 2 ? 6 : 12)));
    const next = [];
    for (const i of ring) {
      let left = share;
      for (const [other] of neighbours(i)) {
        if (left <= 0 || layer.size >= MOST) break;
        if (!layer.has(other)) { layer.set(other, depth); next.push(other); }
        left--;
      }
    }
    ring = next;
  }
  return layer;
}

function expandInto(layer) {
  for (const [i, much] of state.expanded) {
    if (!layer.has(i)) continue;
    let left = much;
    for (const [other] of neighbours(i)) {
      if (layer.has(other)) continue;
      if (left-- <= 0 || layer.size >= 2 * MOST) break;
      layer.set(other, layer.get(i) + 1);
    }
  }
}

function overviewNodes() {
  const layer = new Map();
  if (!filtering()) {
    for (const node of opening.nodes) if (!state.hidden.has(node.id)) layer.set(node.id, 0);
    return layer;
  }
  const found = [];
  let least = passing.bare ? -1 : 0;
  for (let i = 0; i < graph.size; i++) {
    if (passing.weight[i] > least && shownClass(i) && !state.hidden.has(i)) {
      found.push(i);
      if (found.length > 20000) { heaviest(found); found.length = opening.most; least = passing.weight[found.at(-1)]; }
    }
  }
  heaviest(found);
  for (const i of found.slice(0, opening.most)) layer.set(i, 0);
  return layer;
}

function heaviest(found) {
  found.sort((a, b) => passing.weight[b] - passing.weight[a] || graph.entity_mentions[b] - graph.entity_mentions[a] || a - b);
}

/** Entities on the shortest ways between two, by a breadth-first search through claims that pass. */
function pathNodes(from, to) {
  const far = new Int32Array(graph.size).fill(-1);
  far[from] = 0;
  let ring = [from];
  while (ring.length && far[to] < 0) {
    const next = [];
    for (const i of ring) {
      for (let k = graph.nearStart[i]; k < graph.nearStart[i + 1]; k++) {
        const claim = graph.near[k];
        if (!passing.claim[claim]) continue;
        const other = otherEnd(claim, i);
        if (far[other] < 0 && !state.hidden.has(other)) { far[other] = far[i] + 1; next.push(other); }
      }
    }
    ring = next;
  }
  const layer = new Map([[from, 0]]);
  if (far[to] < 0) return layer.set(to, 1);
  layer.set(to, far[to]);
  ring = [to];
  for (let step = far[to] - 1; step > 0; step--) {
    const before = new Map();
    for (const i of ring) for (const [other, weight] of neighbours(i)) if (far[other] === step) before.set(other, (before.get(other) || 0) + weight);
    ring = [...before].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 12).map(([i]) => i);
    for (const i of ring) layer.set(i, step);
  }
  return layer;
}

/** Claims between the entities of `layer`, folded: one edge for each pair. */
function foldEdges(layer) {
  const pairs = new Map();
  for (const i of layer.keys()) {
    for (let k = graph.nearStart[i]; k < graph.nearStart[i + 1]; k++) {
      const claim = graph.near[k];
      if (graph.subject[claim] !== i || !passing.claim[claim]) continue;
      const other = graph.object[claim];
      if (other === i || !layer.has(other)) continue;
      const key = i < other ? i + "-" + other : other + "-" + i;
      let pair = pairs.get(key);
      if (!pair) pairs.set(key, pair = { id: key, a: Math.min(i, other), b: Math.max(i, other), claims: [] });
      pair.claims.push(claim);
    }
  }
  return [...pairs.values()];
}

function buildScene() {
  scene.near.clear();
  const layer = state.mode === "focus" ? focusNodes() : state.mode === "path" ? pathNodes(...state.ends) : overviewNodes();
  expandInto(layer);
  for (const i of state.pinned) if (!layer.has(i) && !state.hidden.has(i)) layer.set(i, 9);
  scene.layer = layer;
  scene.nodes = [...layer.keys()];
  scene.edges = foldEdges(layer).sort((a, b) => b.claims.length - a.claims.length);
  scene.drawn = scene.edges.slice(0, MOST_EDGES);
  scene.more = new Map();
  const asked = state.mode === "focus" ? state.roots : [];
  for (const i of new Set([...asked, ...state.expanded.keys()])) {
    if (!layer.has(i)) continue;
    const left = neighbours(i).filter(([other]) => !layer.has(other)).length;
    if (left) scene.more.set(i, left);
  }
  scene.groups = new Map();
  if (state.mode === "overview" && !filtering()) for (const node of opening.nodes) scene.groups.set(node.id, node.group);
  placeScene();
}

/** Pairs of `claims` that state opposites: the same one affirmed and denied, or predicates that exclude each other. */
function conflicts(claims) {
  const groups = new Map(), found = [];
  for (const c of claims) {
    const key = Math.min(graph.subject[c], graph.object[c]) + "-" + Math.max(graph.subject[c], graph.object[c]);
    if (groups.has(key)) groups.get(key).push(c); else groups.set(key, [c]);
  }
  for (const group of groups.values()) {
    group.forEach((a, x) => { for (let y = x + 1; y < Math.min(group.length, x + 100); y++) if (opposed(a, group[y])) found.push([a, group[y]]); });
  }
  return found;
}

function opposed(a, b) {
  const p = graph.meta.predicates[graph.predicate[a]], q = graph.meta.predicates[graph.predicate[b]];
  if (graph.subject[a] !== graph.subject[b] && !(p.symmetric && p === q)) return false;
  if (p === q) return negated(a) !== negated(b);
  return negated(a) === negated(b) && graph.meta.look.opposites.some(([m, n]) => (p.name === m && q.name === n) || (p.name === n && q.name === m));
}
