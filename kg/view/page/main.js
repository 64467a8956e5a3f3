// The start: unpack, show, listen.

function drawFrame() {
  document.documentElement.lang = language;
  document.documentElement.dataset.theme = theme;
  $("skip").textContent = t("skip");
  const name = graph.meta.title || t("brand");
  $("title").textContent = name;
  document.title = name;
  const menu = $("menu");
  fill(menu, icon(ICONS.menu));
  menu.setAttribute("aria-label", t("filters"));
  fill($("search"), searchBox("find", t("search"), (i) => focusOn([i])));
  const choices = el("select", { class: "language", "aria-label": t("language"), onchange: (e) => speak(e.target.value) },
    LANGUAGES.map((l) => el("option", { value: l, selected: l === language, lang: l }, MESSAGES[l].language_name)));
  const saves = el("select", { class: "saves", "aria-label": t("export"), onchange: (e) => { const kind = e.target.value; e.target.value = ""; EXPORTS[kind]?.(); } },
    el("option", { value: "" }, t("export")), ["png", "csv", "ttl"].map((k) => el("option", { value: k }, t("export_" + k))));
  const tools = $("tools");
  tools.setAttribute("aria-label", t("tools"));
  fill(tools, button(t("back"), ICONS.back, { onclick: () => history.back(), id: "back" }), button(t("forward"), ICONS.forward, { onclick: () => history.forward(), id: "forward" }),
    button(t("predicates_shown"), ICONS.tag, { id: "labels", "aria-pressed": String(canvas.labels), onclick: (e) => { canvas.labels = !canvas.labels; e.currentTarget.setAttribute("aria-pressed", String(canvas.labels)); canvas.network.redraw(); } }),
    button(t("table"), ICONS.table, { id: "table-button", "aria-pressed": String(state.table), onclick: () => { state.table = !state.table; $("table-button").setAttribute("aria-pressed", String(state.table)); writeAddress(false); drawTable().then(() => state.table && $("table").focus()); } }),
    saves, button(t("copy_link"), ICONS.link, { id: "copy", onclick: copyLink }), choices,
    button(t(theme === "dark" ? "light" : "dark"), theme === "dark" ? ICONS.sun : ICONS.moon, { id: "theme", onclick: () => shade(theme === "dark" ? "light" : "dark") }));
  const zoom = $("zoom");
  zoom.setAttribute("aria-label", t("zoom"));
  fill(zoom, button(t("zoom_in"), ICONS.plus, { onclick: () => zoomBy(1.3) }), button(t("zoom_out"), ICONS.minus, { onclick: () => zoomBy(1 / 1.3) }), button(t("fit"), ICONS.fit, { onclick: fitScene }));
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    say(t("copied"));
  } catch {
    say(location.href);
  }
}

function zoomBy(factor) {
  canvas.network.moveTo({ scale: clamp(canvas.network.getScale() * factor, 0.03, 6) });
}

function speak(next) {
  language = next;
  memory.set("language", next);
  widths.clear();
  labels.clear();
  drawFrame();
  show(false);
  drawFilters();
}

function shade(next) {
  theme = next;
  memory.set("theme", next);
  drawFrame();
  show(false);
  drawFilters();
}

/** Arrow keys go to the next entity that way; Enter focuses, Escape lets go, + and - zoom. */
function canvasKeys(event) {
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  const at = state.chosen?.entity;
  if (way) {
    event.preventDefault();
    const from = at === undefined ? { x: 0, y: 0 } : places.get(at) || { x: 0, y: 0 };
    let best = null, least = Infinity;
    for (const i of scene.nodes) {
      if (i === at) continue;
      const p = places.get(i), dx = p.x - from.x, dy = p.y - from.y, along = dx * way[0] + dy * way[1];
      const cost = Math.hypot(dx, dy) + 2 * Math.abs(dx * way[1] + dy * way[0]);
      if ((along > 0 || at === undefined) && cost < least) { least = cost; best = i; }
    }
    if (best !== null) choose({ entity: best });
  } else if (event.key === "Enter" && at !== undefined) focusOn([at]);
  else if (event.key === "Escape") choose(null);
  else if (event.key === "+" || event.key === "=") zoomBy(1.3);
  else if (event.key === "-") zoomBy(1 / 1.3);
  else if (event.key === "0") fitScene();
}

function listen() {
  $("menu").addEventListener("click", () => {
    const open = document.body.classList.toggle("with-filters");
    $("menu").setAttribute("aria-expanded", String(open));
  });
  addEventListener("popstate", () => {
    if (location.hash === written) return;
    readAddress();
    written = address();
    applyFilters();
    drawFrame();
    show(true);
    drawFilters();
  });
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !/INPUT|SELECT|TEXTAREA/.test(document.activeElement.tagName)) { event.preventDefault(); $("find").focus(); }
  });
  $("skip").addEventListener("click", (event) => { event.preventDefault(); state.table = true; drawTable().then(() => $("table").focus()); });
  const view = $("canvas");
  view.tabIndex = 0;
  view.setAttribute("role", "application");
  view.addEventListener("keydown", canvasKeys);
  new ResizeObserver(debounce(120, () => { if (!state.chosen) fitScene(); })).observe(view);
}

async function start() {
  const wanted = [JSON.parse(JSON.stringify(memory.get("language"))), ...navigator.languages];
  language = wanted.map(tongue).find(Boolean) || "en";
  theme = memory.get("theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  document.documentElement.lang = language;
  document.documentElement.dataset.theme = theme;
  $("cover-text").textContent = t("opening");
  const progress = (part) => { $("cover-progress").value = part; };
  try {
    await unpack(progress);
    if (graph.meta.language && !memory.get("language")) language = graph.meta.language;
    prepareBrush();
    readAddress();
    applyFilters();
    progress(96);
    startCanvas();
    drawFrame();
    listen();
    written = address();
    show(true);
    drawFilters();
    $("cover").hidden = true;
    document.documentElement.dataset.ready = String(Math.round(performance.now()));
    await prepareSearch();
    document.documentElement.dataset.searchable = String(Math.round(performance.now()));
  } catch (error) {
    $("cover-text").textContent = t("failed") + " " + error;
    throw error;
  }
}

function tongue(tag) {
  if (!tag) return "";
  if (/^en/i.test(tag)) return "en";
  if (/^zh(-Hant|-HK|-TW|-MO)/i.test(tag)) return "zh-Hant";
  return /^zh/i.test(tag) ? "zh-Hans" : "";
}

start();
