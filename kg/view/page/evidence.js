// Quotations with the words highlighted, their source, and claims that contradict each other side by side.

const safeLink = (address) => (/^https?:\/\/[^\s<>"]+$/i.test(address) ? address : "");

function folded(text) {
  return finder.table ? fold(text) : text.toLowerCase();
}

/** `quote` as text and <mark> elements: every place of any of `words`. */
function highlighted(quote, words) {
  const plain = folded(quote), marks = new Uint8Array(quote.length);
  for (const word of words) {
    const wanted = folded(word);
    if (wanted.length < 2 && !(wanted > "\u2e7f")) continue;
    for (let at = plain.indexOf(wanted); at >= 0; at = plain.indexOf(wanted, at + wanted.length)) marks.fill(1, at, at + wanted.length);
  }
  const parts = [];
  for (let i = 0; i < quote.length;) {
    let j = i;
    while (j < quote.length && marks[j] === marks[i]) j++;
    const text = quote.slice(i, j);
    parts.push(marks[i] ? el("mark", null, text) : text);
    i = j;
  }
  return parts;
}

function namesFor(i) {
  const e = entity(i);
  return [e.hans, e.hant, e.en, ...e.aliases].filter(Boolean).sort((a, b) => b.length - a.length);
}

async function sourceLine(doc, article, start, end) {
  const d = documentOf(doc), a = await articleOf(article);
  const link = safeLink(d.source || "") || safeLink(d.name || "");
  const title = (a && a.title) || d.title || d.name;
  const authors = (a && a.authors.length ? a.authors : d.authors).join("、");
  return el("footer", { class: "source" },
    link ? el("a", { href: link, target: "_blank", rel: "noopener noreferrer" }, title) : el("cite", null, title),
    el("span", null, [authors, d.date, a && a.title && d.title !== a.title ? d.title : "", d.source && !link ? d.source : ""].filter(Boolean).join(" · ")),
    el("span", { class: "where", title: t("offsets") }, start + "–" + end));
}

function badges(claim) {
  const percent = graph.confidence[claim];
  return [
    negated(claim) ? el("span", { class: "badge negated" }, t("negated")) : null,
    modality(claim) !== "fact" ? el("span", { class: "badge unsure" }, t(modality(claim))) : null,
    el("span", { class: "badge confidence", title: t("confidence") }, percent + "%"),
  ];
}

/** A claim with all its quotations. */
async function claimCard(claim) {
  const s = graph.subject[claim], o = graph.object[claim], speakers = speakersOf(claim);
  const more = (await extra())[claim];
  const found = await evidenceOf(claim);
  const words = [...namesFor(s), ...namesFor(o)];
  const quotes = await Promise.all(found.map(async (e) => el("blockquote", null, el("p", null, highlighted(e.quote, words)), await sourceLine(e.document, e.article, e.start, e.end))));
  return el("article", { class: "claim" + (negated(claim) ? " is-negated" : "") },
    el("h4", null, entityLink(s), el("span", { class: "verb" }, predicateLabel(graph.predicate[claim])), entityLink(o)),
    el("p", { class: "badges" }, badges(claim),
      more ? [more[0].map((role) => el("span", { class: "badge" }, t("role") + " " + role)), more[1].map((period) => el("span", { class: "badge" }, period.filter(Boolean).join(" – ")))].flat() : null,
      el("span", { class: "badge" }, t("polarity_" + (negated(claim) ? "negated" : "affirmed")) + " · " + t(modality(claim)))),
    voices(speakers),
    quotes);
}

function voices(speakers) {
  return speakers.length ? el("p", { class: "speaker" }, t("speaker") + " ", speakers.flatMap((i, k) => (k ? ["、", entityLink(i)] : [entityLink(i)]))) : null;
}

function entityLink(i) {
  return el("button", { type: "button", class: "name", onclick: () => choose({ entity: i }, true) }, nameOf(i));
}
