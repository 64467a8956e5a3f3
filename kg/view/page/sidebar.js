// Filters with counts, at the left; and the trail above the canvas that says what is shown.

const unfolded = new Set(["cls", "predicate", "modality"]);

function facet(key, title, entries, wide) {
  const chosen = filters[key];
  const shown = entries.filter((e) => e.n > 0 || chosen.has(e.id));
  if (!shown.length || (shown.length < 2 && !chosen.size)) return null;
  shown.sort((a, b) => chosen.has(b.id) - chosen.has(a.id) || b.n - a.n || a.id - b.id);
  const row = (e) => el("label", { class: "choice" },
    el("input", { type: "checkbox", checked: chosen.has(e.id), onchange: (event) => { if (event.target.checked) chosen.add(e.id); else chosen.delete(e.id); filtersChanged(key, e.id); }, "data-key": key + e.id }),
    e.cls ? dot(e.cls) : null, el("span", { class: "row-name" }, e.label()), el("span", { class: "row-count" }, count(e.n)));
  const list = el("div", { role: "group", "aria-label": title }, shown.slice(0, wide).map(row));
  const find = shown.length > wide ? el("input", {
    type: "search", class: "find", placeholder: t("find_in", { what: title }), "aria-label": t("find_in", { what: title }),
    oninput: (event) => {
      const wanted = folded(event.target.value.trim());
      fill(list, shown.filter((e) => !wanted || folded(e.label()).includes(wanted)).slice(0, wide).map(row));
    },
  }) : null;
  return el("details", { class: "facet", open: unfolded.has(key) || chosen.size > 0, ontoggle: (event) => { if (event.target.open) unfolded.add(key); else unfolded.delete(key); } },
    el("summary", null, title, chosen.size ? el("span", { class: "badge" }, String(chosen.size)) : el("span", { class: "row-count" }, count(shown.length))),
    find, list, find && shown.length > wide ? el("p", { class: "muted" }, t("rest_by_search", { n: count(shown.length - wide) })) : null);
}

function drawSidebar() {
  const { meta } = graph, { counts } = passing;
  const entries = (numbers, label, cls) => Array.from(numbers, (n, id) => ({ id, n, label: () => label(id), cls: cls && cls(id) }));
  const speakers = [], documents = [];
  counts.speaker.forEach((n, id) => { if ((n && id) || filters.speaker.has(id)) speakers.push({ id, n, label: () => (id ? nameOf(id - 1) : t("no_speaker")), cls: id ? meta.classes[graph.entity_class[id - 1]].name : null }); });
  counts.document.forEach((n, id) => { if (n || filters.document.has(id)) documents.push({ id, n, label: () => { const d = documentOf(id); return (d.title || d.name) + (d.date ? " · " + d.date : ""); } }); });
  const holder = $("filters"), held = document.activeElement?.getAttribute("data-key");
  holder.setAttribute("aria-label", t("filters"));
  fill(holder,
    el("div", { class: "filters-head" }, el("h2", null, t("filters")),
      filtering() ? el("button", { type: "button", class: "link", onclick: () => { clearFilters(); filtersChanged(); } }, t("clear_all")) : el("span", { class: "muted" }, t("passing_short", { n: count(passing.count) }))),
    facet("cls", t("classes"), entries(counts.cls, (id) => labelOf(meta.classes[id]), (id) => meta.classes[id].name), 24),
    facet("predicate", t("predicates"), entries(counts.predicate, predicateLabel), 12),
    facet("document", t("documents"), documents, 10),
    facet("speaker", t("speakers"), speakers, 10),
    facet("modality", t("modality"), entries(counts.modality, (id) => t(meta.modalities[id])), 3),
    facet("polarity", t("polarity"), entries(counts.polarity, (id) => t(id ? "polarity_negated" : "polarity_affirmed")), 2),
    el("div", { class: "facet confidence-filter" }, el("label", { for: "confidence" }, t("confidence_least"), el("output", { class: "row-count" }, filters.confidence + "%")),
      el("input", { type: "range", id: "confidence", min: 0, max: 100, step: 5, value: String(filters.confidence), oninput: (e) => { e.target.previousSibling.lastChild.textContent = e.target.value + "%"; }, onchange: (e) => { filters.confidence = Number(e.target.value); filtersChanged(); }, "data-key": "confidence" })));
  if (held) holder.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus();
}

function drawTrail() {
  const pick = (label, value, options, act) => el("label", { class: "pick" }, label, el("select", { onchange: (e) => act(Number(e.target.value)), "aria-label": label },
    options.map((n) => el("option", { value: String(n), selected: n === value }, String(n)))));
  const home = el("button", { type: "button", class: "crumb", onclick: () => go({ mode: "overview", chosen: null, expanded: new Map() }) }, icon(ICONS.home), t("overview"));
  const parts = [home];
  if (state.mode === "focus") {
    parts.push(el("strong", null, state.roots.map(nameOf).join(" · ")),
      pick(t("depth"), state.depth, [1, 2, 3], (depth) => go({ depth })), pick(t("top"), state.top, [10, 20, 30, 50, 100], (top) => go({ top })));
    for (const [i, n] of scene.more) if (state.roots.includes(i)) parts.push(el("button", { type: "button", class: "crumb", onclick: () => expand(i) }, t("more", { n: count(n) })));
  } else if (state.mode === "path") {
    const linked = scene.edges.length > 0;
    parts.push(el("strong", null, nameOf(state.ends[0]) + " ⇢ " + nameOf(state.ends[1])), el("span", { class: "muted" }, linked ? t("steps", { n: scene.layer.get(state.ends[1]) }) : t("no_path")));
  }
  if (state.hidden.size) parts.push(el("button", { type: "button", class: "crumb", onclick: () => go({ hidden: new Set() }) }, t("show_hidden", { n: state.hidden.size })));
  if (filtering()) parts.push(el("button", { type: "button", class: "crumb on", onclick: () => { clearFilters(); filtersChanged(); } }, t("filtered"), icon(ICONS.close)));
  parts.push(el("span", { class: "muted size" }, t("canvas_size", { n: count(scene.nodes.length), m: count(scene.edges.length) })));
  fill($("trail"), parts);
}

/** Asks for the other end of a path. */
function askPath(from) {
  const hint = $("hint");
  hint.hidden = false;
  const close = () => { hint.hidden = true; };
  const box = searchBox("path-to", t("path_to", { name: nameOf(from) }), (to) => { close(); if (to !== from) go({ mode: "path", ends: [from, to], expanded: new Map(), chosen: null }); });
  fill(hint, box, button(t("close"), ICONS.close, { class: "icon small", onclick: close }));
  hint.querySelector("input").focus();
}
