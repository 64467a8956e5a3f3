// Filters with counts, at the left; and the trail above the canvas that says what is shown.

const unfolded = new Set(["cls", "predicate", "modality"]);

/** The choices of one facet: `counts` by number, `label` and `cls` of a number. The most frequent `wide` are shown. */
function facet(key, title, counts, label, cls, wide) {
  const chosen = filters[key], all = [];
  counts.forEach((n, id) => { if (n || chosen.has(id)) all.push(id); });
  if (!all.length || (all.length < 2 && !chosen.size)) return null;
  all.sort((a, b) => chosen.has(b) - chosen.has(a) || counts[b] - counts[a] || a - b);
  const shown = all.slice(0, wide);
  const row = (id) => el("label", { class: "choice" },
    el("input", { type: "checkbox", checked: chosen.has(id), onchange: (event) => { if (event.target.checked) chosen.add(id); else chosen.delete(id); filtersChanged(); }, "data-key": key + id }),
    cls && cls(id) ? dot(cls(id)) : null, el("span", { class: "row-name" }, label(id)), el("span", { class: "row-count" }, count(counts[id])));
  const list = el("div", { role: "group", "aria-label": title }, shown.map(row));
  const find = all.length > wide ? el("input", {
    type: "search", class: "find", placeholder: t("find_in", { what: title }), "aria-label": t("find_in", { what: title }),
    oninput: (event) => {
      const wanted = folded(event.target.value.trim());
      fill(list, wanted ? all.filter((id) => folded(label(id)).includes(wanted)).slice(0, wide).map(row) : shown.map(row));
    },
  }) : null;
  return el("details", { class: "facet", open: unfolded.has(key) || chosen.size > 0, ontoggle: (event) => { if (event.target.open) unfolded.add(key); else unfolded.delete(key); } },
    el("summary", null, title, chosen.size ? el("span", { class: "badge" }, String(chosen.size)) : el("span", { class: "row-count" }, count(all.length))),
    find, list, find ? el("p", { class: "muted" }, t("rest_by_search", { n: count(all.length - wide) })) : null);
}

function drawSidebar() {
  const { meta } = graph, { counts } = passing;
  const className = (id) => meta.classes[id].name;
  const speaker = (id) => (id ? nameOf(id - 1) : t("no_speaker")), speakerClass = (id) => (id ? className(graph.entity_class[id - 1]) : null);
  const paper = (d) => { const { title, name, date } = documentOf(d); return (title || name) + (date ? " · " + date : ""); };
  const holder = $("filters"), held = document.activeElement?.getAttribute("data-key");
  holder.setAttribute("aria-label", t("filters"));
  fill(holder,
    el("div", { class: "filters-head" }, el("h2", null, t("filters")),
      filtering() ? el("button", { type: "button", class: "link", onclick: () => { clearFilters(); filtersChanged(); } }, t("clear_all")) : el("span", { class: "muted" }, t("passing_short", { n: count(passing.count) }))),
    facet("cls", t("classes"), counts.cls, (id) => labelOf(meta.classes[id]), className, 24),
    facet("predicate", t("predicates"), counts.predicate, predicateLabel, null, 12),
    facet("document", t("documents"), counts.document, paper, null, 10),
    counts.speaker.some((n, id) => n && id) ? facet("speaker", t("speakers"), counts.speaker, speaker, speakerClass, 10) : null,
    facet("modality", t("modality"), counts.modality, (id) => t(meta.modalities[id]), null, 3),
    facet("polarity", t("polarity"), counts.polarity, (id) => t(id ? "polarity_negated" : "polarity_affirmed"), null, 2),
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
