// The panel beside the canvas: the graph at large, an entity, or a pair.

let panelTurn = 0;

function section(title, ...children) {
  return el("section", null, el("h3", null, title), children);
}

async function drawPanel() {
  const turn = ++panelTurn, panel = $("panel"), { chosen } = state;
  panel.classList.toggle("open", Boolean(chosen));
  panel.setAttribute("aria-label", t("panel"));
  if (!chosen) { fill(panel, overviewPanel()); return; }
  const close = button(t("close"), ICONS.close, { class: "icon close", onclick: () => choose(null) });
  if (chosen.pair) {
    const made = await pairPanel(...chosen.pair);
    if (turn === panelTurn) fill(panel, close, made);
  } else {
    fill(panel, close, entityHead(chosen.entity), el("div", { id: "figures" }), claimsByPredicate(chosen.entity));
    const figures = await figuresOf(chosen.entity);
    if (turn === panelTurn && figures.length) fill($("figures"), figureSection(figures));
  }
  if (turn === panelTurn) panel.scrollTop = 0;
}

function overviewPanel() {
  const facts = [["entities", graph.size], ["claims", graph.subject.length], ["figures", graph.figureStart[graph.size]], ["documents", graph.documents.length]];
  const days = [...graph.document_date].filter(Boolean).sort((a, b) => a - b);
  const groups = new Map();
  for (const [i, group] of scene.groups) groups.set(group, [...(groups.get(group) || []), i]);
  const shown = [...groups].sort((a, b) => a[0] - b[0]).filter(([, members]) => members.length > 3).slice(0, 10);
  const heavy = [...scene.nodes].sort((a, b) => passing.weight[b] - passing.weight[a] || a - b).slice(0, 12);
  return [
    el("h2", null, graph.meta.title || t("overview")),
    el("dl", { class: "facts" }, facts.map(([key, n]) => el("div", null, el("dt", null, t(key)), el("dd", null, count(n))))),
    days.length ? el("p", { class: "muted" }, t("period") + " " + dateText(days[0]) + (days.length > 1 ? " – " + dateText(days.at(-1)) : "")) : null,
    filtering() ? el("p", { class: "muted" }, t("passing", { n: count(passing.count), all: count(graph.subject.length) })) : null,
    shown.length ? section(t("communities"), el("ul", { class: "groups" }, shown.map(([, members]) => {
      const lead = [...members].sort((a, b) => graph.degree[b] - graph.degree[a]).slice(0, 3);
      return el("li", null, el("button", { type: "button", class: "row", onclick: () => lookAt(members) }, dot(entity(lead[0]).cls),
        el("span", { class: "row-name" }, lead.map(nameOf).join(" · ")), el("span", { class: "row-count" }, count(members.length))));
    }))) : null,
    section(t("main_entities"), el("ul", { class: "groups" }, heavy.map((i) => el("li", null, entityRow(i, passing.weight[i]))))),
    el("p", { class: "muted hintline" }, t("hint")),
  ];
}

/** Moves the eye to some entities. */
function lookAt(members) {
  const points = members.map((i) => places.get(i)).filter(Boolean), box = $("canvas").getBoundingClientRect();
  const xs = points.map((p) => p.x), ys = points.map((p) => p.y);
  const [left, right, top, bottom] = [Math.min(...xs) - 90, Math.max(...xs) + 90, Math.min(...ys) - 70, Math.max(...ys) + 70];
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  canvas.network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 }, scale: clamp(Math.min(box.width / (right - left), box.height / (bottom - top)), 0.1, 1.8), animation: calm ? false : { duration: 350, easingFunction: "easeInOutQuad" } });
}

function entityRow(i, number) {
  return el("button", { type: "button", class: "row", onclick: () => choose({ entity: i }, true) }, dot(entity(i).cls),
    el("span", { class: "row-name" }, nameOf(i)), number ? el("span", { class: "row-count" }, count(number)) : null);
}

function entityHead(i) {
  const e = entity(i), main = nameOf(i);
  const names = [e.hans, e.hant, e.en].filter((n, k, all) => n && n !== main && all.indexOf(n) === k);
  const around = neighbours(i), inside = around.filter(([other]) => scene.layer.has(other)).length;
  const act = (label, path, onclick, pressed) => el("button", { type: "button", class: "act", onclick, "aria-pressed": pressed === undefined ? null : String(pressed) }, icon(path), label);
  return el("header", { class: "head" },
    el("p", { class: "kind" }, dot(e.cls), classLabel(i), e.unsure ? el("span", { class: "badge unsure" }, t("unsure")) : null),
    el("h2", null, main),
    names.length ? el("p", { class: "names" }, names.join(" · ")) : null,
    e.marks.length ? el("p", { class: "marks" }, e.marks.map(([key, value]) => markOf(key, value))) : null,
    e.aliases.length ? el("p", { class: "muted" }, t("aliases") + " " + e.aliases.slice(0, 12).join("、")) : null,
    el("p", { class: "muted" }, t("entity_counts", { n: count(graph.entity_mentions[i]), m: count(graph.degree[i]), k: count(around.length) }) +
      (inside < around.length ? " · " + t("shown_of", { n: count(inside), all: count(around.length) }) : "")),
    el("div", { class: "acts" },
      act(t("focus"), ICONS.focus, () => focusOn([i])),
      inside < around.length ? act(t("expand"), ICONS.plus, () => expand(i)) : null,
      act(t("pin"), ICONS.pin, () => pin(i), state.pinned.has(i)),
      act(t("hide"), ICONS.hide, () => hide(i)),
      act(t("path_from"), ICONS.path, () => askPath(i))));
}

function markOf(key, value) {
  const link = safeLink(value);
  return link ? el("a", { class: "badge", href: link, target: "_blank", rel: "noopener noreferrer" }, key) : el("span", { class: "badge", title: key }, value);
}

function figureSection(figures) {
  const groups = new Map();
  for (const f of figures) {
    const key = f.indicator + "\t" + f.unit;
    groups.set(key, [...(groups.get(key) || []), f]);
  }
  return section(t("figures") + " · " + count(figures.length), [...groups.values()].map((group) => el("div", { class: "figure" },
    el("h4", null, group[0].indicator), figurePlot(group),
    el("ul", null, group.slice(0, 40).map((f) => el("li", null, unfold(figureLine(f), () => figureCard(f))))))));
}

function figureLine(f) {
  const when = f.start && f.end && f.start !== f.end ? f.start + " – " + f.end : f.end || f.start || "";
  return [el("span", { class: "value" }, figureText(f)), f.kind !== "actual" ? el("span", { class: "badge unsure" }, t("kind_" + f.kind)) : null, el("span", { class: "muted" }, when)];
}

async function figureCard(f) {
  const quotes = await Promise.all(f.places.map(async ([doc, article, from, to, quote]) => el("blockquote", null,
    el("p", null, highlighted(quote, [f.text])), await sourceLine(doc, article, from, to))));
  return el("div", null, voices(f.speakers), quotes);
}

/** A row that opens on demand; what it holds is made then. */
function unfold(summary, make) {
  const details = el("details", {
    ontoggle: async () => {
      if (details.open && details.childElementCount === 1) details.append(await make());
    },
  }, el("summary", null, summary));
  return details;
}

/** Claims of an entity by predicate and direction. */
function claimsByPredicate(i) {
  const groups = new Map();
  for (let k = graph.nearStart[i]; k < graph.nearStart[i + 1]; k++) {
    const claim = graph.near[k];
    if (!passing.claim[claim]) continue;
    const p = graph.predicate[claim], way = graph.meta.predicates[p].symmetric ? "both" : graph.subject[claim] === i ? "out" : "in";
    const key = p + way;
    if (!groups.has(key)) groups.set(key, { p, way, claims: [] });
    groups.get(key).claims.push(claim);
  }
  const ordered = [...groups.values()].sort((a, b) => b.claims.length - a.claims.length);
  const against = conflicts(ordered.flatMap((g) => g.claims));
  return [
    against.length ? section(t("conflicts"), sideBySide(against)) : null,
    ordered.map(({ p, way, claims }) => el("section", null,
      el("h3", null, el("span", { class: "way", "aria-label": t("way_" + way) }, { out: "→", in: "←", both: "↔" }[way]), " ", predicateLabel(p), el("span", { class: "row-count" }, count(claims.length))),
      more(claims.sort((a, b) => graph.degree[otherEnd(b, i)] - graph.degree[otherEnd(a, i)]), (claim) => unfold(
        [dot(entity(otherEnd(claim, i)).cls), el("span", { class: "row-name" }, nameOf(otherEnd(claim, i))), badges(claim)], () => claimCard(claim))))),
    ordered.length ? null : el("p", { class: "muted" }, t("no_claims")),
  ];
}

/** A list that shows the first, and more when asked. */
function more(all, make, step = 8) {
  const list = el("ul", { class: "claims" });
  const grow = () => {
    const from = list.querySelectorAll(":scope > li.one").length;
    list.querySelector(":scope > li.rest")?.remove();
    list.append(...all.slice(from, from + step).map((x) => el("li", { class: "one" }, make(x))));
    const left = all.length - Math.min(all.length, from + step);
    if (left > 0) list.append(el("li", { class: "rest" }, el("button", { type: "button", class: "link", onclick: grow }, t("more", { n: count(left) }))));
  };
  grow();
  return list;
}

function sideBySide(pairs) {
  return pairs.slice(0, 4).map(([a, b]) => {
    const holder = el("div", { class: "against" });
    Promise.all([claimCard(a), claimCard(b)]).then((cards) => fill(holder, cards));
    return holder;
  });
}

async function pairPanel(a, b) {
  const claims = [];
  for (let k = graph.nearStart[a]; k < graph.nearStart[a + 1]; k++) {
    const claim = graph.near[k];
    if (passing.claim[claim] && otherEnd(claim, a) === b) claims.push(claim);
  }
  const against = conflicts(claims), apart = new Set(against.slice(0, 4).flat());
  const rest = claims.filter((c) => !apart.has(c));
  const cards = await Promise.all(rest.slice(0, 30).map(claimCard));
  return [
    el("header", { class: "head" }, el("p", { class: "kind" }, t("between")), el("h2", { class: "pair" }, entityLink(a), el("span", { class: "muted" }, " — "), entityLink(b)),
      el("p", { class: "muted" }, t("claims_count", { n: count(claims.length) }))),
    against.length ? section(t("conflicts"), sideBySide(against)) : null,
    cards, rest.length > 30 ? el("p", { class: "muted" }, t("more", { n: count(rest.length - 30) })) : null,
    claims.length ? null : el("p", { class: "muted" }, t("no_claims")),
  ];
}
