// The same selection as a table: what the canvas shows, for those who cannot or do not want to see it.

const tables = { tab: "entities", sort: null, down: false, size: 200 };

const TABLES = {
  entities: {
    columns: ["name", "class", "claims", "mentions"],
    rows: () => scene.nodes.map((i) => ({ cells: [nameOf(i), classLabel(i), graph.degree[i], graph.entity_mentions[i]], open: { entity: i } })),
  },
  claims: {
    columns: ["subject", "predicate", "object", "polarity", "modality", "confidence", "speaker", "evidence", "date"],
    rows: () => scene.edges.flatMap((e) => e.claims.map((c) => ({
      cells: [nameOf(graph.subject[c]), predicateLabel(graph.predicate[c]), nameOf(graph.object[c]), t("polarity_" + (negated(c) ? "negated" : "affirmed")), t(modality(c)),
        graph.confidence[c], speakersOf(c).map(nameOf).join("、"), graph.evidence_count[c], claimDate(c)],
      open: { pair: [e.a, e.b] },
    }))),
  },
  figures: {
    columns: ["about", "indicator", "value", "unit", "start", "end", "kind", "text"],
    rows: async () => (await Promise.all(scene.nodes.map(async (i) => (await figuresOf(i)).map((f) => ({
      cells: [nameOf(i), f.indicator, Number(f.value), MESSAGES[language]["unit_" + f.unit] || f.unit, f.start, f.end, t("kind_" + f.kind), f.text], open: { entity: i },
    }))))).flat(),
  },
};

function claimDate(claim) {
  let last = 0;
  for (let k = graph.evidenceStart[claim]; k < graph.evidenceStart[claim + 1]; k++) {
    const d = graph.evidence_document[graph.evidence[k]] - 1;
    if (d >= 0) last = Math.max(last, graph.document_date[d]);
  }
  return last ? dateText(last) : "";
}

async function drawTable() {
  const holder = $("table");
  holder.hidden = !state.table;
  $("canvas").classList.toggle("behind", state.table);
  if (!state.table) return;
  const { columns: heads, rows } = TABLES[tables.tab];
  const all = await rows();
  if (tables.sort !== null) {
    const k = tables.sort, way = tables.down ? -1 : 1;
    const compare = new Intl.Collator(language === "en" ? "en" : "zh").compare;
    all.sort((a, b) => way * (typeof a.cells[k] === "number" ? a.cells[k] - b.cells[k] : compare(String(a.cells[k]), String(b.cells[k]))));
  }
  const head = heads.map((key, k) => el("th", { scope: "col", "aria-sort": tables.sort === k ? (tables.down ? "descending" : "ascending") : "none" },
    el("button", { type: "button", onclick: () => { tables.down = tables.sort === k && !tables.down; tables.sort = k; drawTable().then(() => holder.querySelectorAll("th button")[k].focus()); } }, t("column_" + key),
      el("span", { class: "sort", "aria-hidden": "true" }, tables.sort === k ? (tables.down ? "▼" : "▲") : ""))));
  const body = all.slice(0, tables.size).map(({ cells, open }) => el("tr", null, cells.map((cell, k) => k === 0
    ? el("th", { scope: "row" }, el("button", { type: "button", class: "name", onclick: () => choose(open) }, cell))
    : el("td", { class: typeof cell === "number" ? "number" : null }, typeof cell === "number" ? count(cell) : cell))));
  fill(holder,
    el("div", { class: "tabs", role: "tablist", "aria-label": t("table") }, Object.keys(TABLES).map((tab) => el("button", {
      type: "button", role: "tab", id: "tab-" + tab, "aria-selected": String(tab === tables.tab), "aria-controls": "rows", tabindex: tab === tables.tab ? 0 : -1,
      onclick: () => showTab(tab), onkeydown: (e) => turnTab(e, tab),
    }, t(tab)))),
    el("div", { id: "rows", role: "tabpanel", "aria-labelledby": "tab-" + tables.tab, class: "rows", tabindex: 0 },
      el("table", null, el("caption", null, t("table_caption", { n: count(Math.min(all.length, tables.size)), all: count(all.length) })), el("thead", null, el("tr", null, head)), el("tbody", null, body)),
      all.length > tables.size ? el("button", { type: "button", class: "link", onclick: () => { tables.size += 500; drawTable(); } }, t("more", { n: count(all.length - tables.size) })) : null));
}

function showTab(tab) {
  Object.assign(tables, { tab, sort: null, down: false, size: 200 });
  return drawTable();
}

function turnTab(event, tab) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const all = Object.keys(TABLES), next = all[(all.indexOf(tab) + step + all.length) % all.length];
  showTab(next).then(() => $("tab-" + next).focus());
}
