// Where entities stand in a scene that the page makes itself. Those that were there keep their places.

const places = new Map();

function radiusOf(i) {
  return 6 + 22 * Math.sqrt(Math.min(1, graph.degree[i] / scene.scale));
}

function labelWidth(i) {
  let width = 0;
  for (const c of nameOf(i)) width += c > "\u2e7f" ? 12 : 6.6;
  return Math.min(width, 150);
}

function placeScene() {
  const { nodes, layer } = scene;
  scene.scale = Math.max(...nodes.map((i) => graph.degree[i]), 1);
  const kept = state.mode === scene.mode && scene.mark === sceneMark() ? places : state.pinned;
  scene.mode = state.mode;
  scene.mark = sceneMark();
  for (const i of [...places.keys()]) if (!(kept.has(i) && (layer.has(i) || kept === state.pinned))) places.delete(i);
  if (state.mode === "overview") for (const node of opening.nodes) if (layer.has(node.id) && !places.has(node.id)) places.set(node.id, openingPlace(node));
  const missing = nodes.some((i) => !places.has(i));
  if (!missing) return;
  const fixed = new Set(nodes.filter((i) => places.has(i) && (scene.mode !== "overview" || state.pinned.has(i) || !filtering())));
  seed(fixed);
  relax(fixed);
  part(fixed);
}

/** Where the opening puts an entity; turned on its side where the canvas is upright. */
function openingPlace({ x, y }) {
  const box = $("canvas").getBoundingClientRect();
  return box.height > 1.25 * box.width ? { x: y * 0.85, y: x * 1.2 } : { x, y };
}

function sceneMark() {
  return state.mode === "focus" ? state.roots.join() + "/" + state.depth : state.mode === "path" ? state.ends.join() : "overview" + (filtering() ? "?" : "");
}

/** First places: on rings about the roots (or in columns along a path), each near the one that brought it. */
function seed(fixed) {
  const rings = new Map();
  for (const i of scene.nodes) {
    const depth = scene.layer.get(i);
    if (!rings.has(depth)) rings.set(depth, []);
    rings.get(depth).push(i);
  }
  const turn = 2.399963229728653; // the golden angle
  const beside = new Map();
  for (const { a, b } of scene.edges) {
    for (const [i, other] of [[a, b], [b, a]]) {
      if (fixed.has(other) || scene.layer.get(other) < scene.layer.get(i)) if (!beside.has(i)) beside.set(i, other);
    }
  }
  for (const [depth, members] of [...rings].sort((a, b) => a[0] - b[0])) {
    members.sort((a, b) => graph.entity_class[a] - graph.entity_class[b] || graph.degree[b] - graph.degree[a]);
    members.forEach((i, k) => {
      if (places.has(i)) return;
      const near = beside.has(i) && (depth > 1 || fixed.size) ? places.get(beside.get(i)) : null;
      if (state.mode === "path") places.set(i, { x: depth * 230, y: (k - (members.length - 1) / 2) * 90 });
      else if (near) places.set(i, { x: near.x + 70 * Math.cos(k * turn), y: near.y + 70 * Math.sin(k * turn) });
      else if (state.mode === "overview") places.set(i, { x: 34 * Math.sqrt(k + 1) * Math.cos(k * turn) * 1.3, y: 34 * Math.sqrt(k + 1) * Math.sin(k * turn) });
      else if (depth === 0) places.set(i, { x: k * 160, y: 0 });
      else {
        const angle = (2 * Math.PI * k) / members.length, reach = 150 + 6 * members.length;
        places.set(i, { x: 1.3 * reach * Math.cos(angle), y: reach * Math.sin(angle) });
      }
    });
  }
}

/** Springs along edges and repulsion of all; entities of `fixed` and the roots stay. */
function relax(fixed) {
  const { nodes, edges } = scene, size = nodes.length;
  const x = new Float64Array(size), y = new Float64Array(size), fx = new Float64Array(size), fy = new Float64Array(size);
  const number = new Map(nodes.map((i, k) => [i, k]));
  const still = nodes.map((i) => fixed.has(i) || (state.mode === "focus" && scene.layer.get(i) === 0));
  nodes.forEach((i, k) => { const p = places.get(i); x[k] = p.x; y[k] = p.y; });
  const pulls = edges.map((e) => [number.get(e.a), number.get(e.b)]);
  const degree = new Float64Array(size).fill(1);
  for (const [a, b] of pulls) { degree[a]++; degree[b]++; }
  const ideal = size > 120 ? 74 : 92, near = state.mode === "overview" ? 0.06 : 0.008, steps = size > 150 ? 50 : size > 60 ? 90 : 160;
  for (let step = 0; step < steps; step++) {
    fx.fill(0);
    fy.fill(0);
    for (let a = 0; a < size; a++) {
      for (let b = a + 1; b < size; b++) {
        const dx = x[a] - x[b], dy = y[a] - y[b], push = Math.max((ideal * ideal) / (dx * dx + dy * dy + 9) - near, 0);
        fx[a] += dx * push; fy[a] += dy * push; fx[b] -= dx * push; fy[b] -= dy * push;
      }
    }
    for (const [a, b] of pulls) {
      const dx = x[b] - x[a], dy = y[b] - y[a], pull = Math.sqrt(dx * dx + dy * dy) / ideal;
      fx[a] += (dx * pull) / Math.sqrt(degree[a]); fy[a] += (dy * pull) / Math.sqrt(degree[a]);
      fx[b] -= (dx * pull) / Math.sqrt(degree[b]); fy[b] -= (dy * pull) / Math.sqrt(degree[b]);
    }
    const heat = 24 * (1 - step / steps) + 1;
    for (let k = 0; k < size; k++) {
      if (still[k]) continue;
      const gx = fx[k] - 0.02 * x[k], gy = fy[k] - 0.03 * y[k], length = Math.hypot(gx, gy) + 1e-9, go = Math.min(length, heat) / length;
      x[k] += gx * go;
      y[k] += gy * go;
    }
  }
  nodes.forEach((i, k) => places.set(i, { x: x[k], y: y[k] }));
}

/** Moves dots with their labels apart. */
function part(fixed) {
  const { nodes } = scene;
  const half = nodes.map((i) => [Math.max(radiusOf(i), labelWidth(i) / 2) + 5, radiusOf(i) + 12]);
  for (let round = 0; round < (nodes.length > 150 ? 20 : 50); round++) {
    let moved = false;
    for (let a = 0; a < nodes.length; a++) {
      const p = places.get(nodes[a]);
      for (let b = a + 1; b < nodes.length; b++) {
        const q = places.get(nodes[b]);
        const dx = p.x - q.x, ox = half[a][0] + half[b][0] - Math.abs(dx);
        if (ox <= 0) continue;
        const dy = p.y - q.y, oy = half[a][1] + half[b][1] - Math.abs(dy);
        if (oy <= 0) continue;
        const [sa, sb] = fixed.has(nodes[a]) ? (fixed.has(nodes[b]) ? [0, 0] : [0, 1]) : fixed.has(nodes[b]) ? [1, 0] : [0.5, 0.5];
        if (sa + sb === 0) continue;
        moved = true;
        if (ox < oy) { const d = ox * (dx < 0 ? -1 : 1); p.x += d * sa; q.x -= d * sb; }
        else { const d = oy * (dy < 0 ? -1 : 1); p.y += d * sa; q.y -= d * sb; }
      }
    }
    if (!moved) break;
  }
}
