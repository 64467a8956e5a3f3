// Finding entities by any of their names, identifiers or pinyin.

const finder = { ready: false };

/** One code unit to one: lower case, half width, simplified. */
function foldTable(written, folded) {
  const table = new Uint16Array(65536);
  for (let c = 0; c < 65536; c++) table[c] = c;
  for (let c = 0; c < 0x2000; c++) {
    const low = String.fromCharCode(c).toLowerCase();
    if (low.length === 1) table[c] = low.charCodeAt(0);
  }
  for (let c = 0xff01; c < 0xff5f; c++) table[c] = table[c - 0xfee0];
  table[0x3000] = 32;
  for (let i = 0; i < written.length; i++) table[written.charCodeAt(i)] = folded.charCodeAt(i);
  return table;
}

function fold(text) {
  const units = new Uint16Array(text.length);
  for (let i = 0; i < text.length; i++) units[i] = finder.table[text.charCodeAt(i)];
  return new TextDecoder("utf-16le").decode(units);
}

async function prepareSearch() {
  const spelling = JSON.parse(await inflateText("block-spelling"));
  finder.table = foldTable(spelling.written, spelling.folded);
  finder.text = fold(graph.names);
  const letters = spelling.pinyin.readings.split(" ").map((r) => new TextEncoder().encode(r));
  finder.reading = new Uint16Array(65536);
  [...spelling.pinyin.characters].forEach((c, i) => { finder.reading[c.charCodeAt(0)] = i + 1; });
  finder.special = new Map(Object.entries(spelling.pinyin.special).map(([han, r]) => [han, r.split(" ").map((x) => new TextEncoder().encode(x))]));
  finder.letters = [new Uint8Array(0), ...letters];
  finder.soundStart = new Uint32Array(graph.size + 1);
  finder.sounds = new Uint8Array(1 << 20);
  finder.done = finder.length = 0;
  finder.ready = true;
  await idle();
}

/** Pinyin is prepared in slices, so that the page answers meanwhile. */
async function idle() {
  while (finder.done < graph.size) {
    hear(performance.now() + 12);
    await new Promise((go) => setTimeout(go));
  }
}

/** Writes the pinyin of further entities until `deadline`: full and initials of each Chinese name, one a line. */
function hear(deadline) {
  const { text, soundStart } = finder;
  while (finder.done < graph.size) {
    const i = finder.done++, end = graph.nameStart[i + 1] - 1;
    soundStart[i] = finder.length;
    put(10);
    let from = text.indexOf("\t", graph.nameStart[i]) + 1, field = 1;
    for (let at = from; at <= end; at++) {
      const unit = at < end ? text.charCodeAt(at) : 9;
      if (unit !== 9 && unit !== 31) continue;
      if (field !== 4 && at > from) spell(from, at);
      if (unit === 9) field++;
      from = at + 1;
    }
    if ((i & 255) === 255 && performance.now() > deadline) return;
  }
  soundStart[graph.size] = finder.length;
  finder.sound = new TextDecoder().decode(finder.sounds.subarray(0, finder.length));
}

function put(byte) {
  if (finder.length === finder.sounds.length) {
    const larger = new Uint8Array(2 * finder.length);
    larger.set(finder.sounds);
    finder.sounds = larger;
  }
  finder.sounds[finder.length++] = byte;
}

function spell(from, to) {
  const { text, reading, letters } = finder;
  let han = "";
  for (let k = from; k < to; k++) if (reading[text.charCodeAt(k)]) han += text[k];
  if (!han) return;
  const special = finder.special.get(han);
  for (const full of [true, false]) {
    let next = 0;
    for (let k = from; k < to; k++) {
      const unit = text.charCodeAt(k), known = reading[unit];
      if (known) {
        const sound = special ? special[next++] : letters[known];
        if (full) for (const letter of sound) put(letter);
        else put(sound[0]);
      } else if ((unit > 47 && unit < 58) || (unit > 96 && unit < 123)) put(unit);
    }
    put(10);
  }
}

function owner(starts, position) {
  let low = 0, high = graph.size;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= position) low = middle; else high = middle;
  }
  return low;
}

/** Calls `found(entity, score)` for each place of `wanted` in `text`; a lower score is a better match. */
function hits(text, starts, wanted, penalty, found) {
  let left = 40000;
  for (let at = text.indexOf(wanted); at >= 0 && left > 0; at = text.indexOf(wanted, at + 1), left--) {
    const before = text[at - 1], after = text[at + wanted.length];
    const begins = before === undefined || before === "\n" || before === "\t" || before === "\x1f" || before === "=";
    const ends = after === undefined || after === "\n" || after === "\t" || after === "\x1f";
    const score = penalty + (begins && ends ? 0 : begins ? 1 : /[a-z0-9]/.test(wanted[0]) && /[a-z0-9]/.test(before) ? 4 : 2);
    found(owner(starts, at), score, at);
  }
}

/** The entities that best fit `query`, best first. */
function search(query, limit) {
  if (!finder.ready) return [];
  const wanted = fold(query.normalize("NFKC")).trim().replace(/[\t\n\x1f]/g, " ");
  if (!wanted) return [];
  const best = new Map();
  const note = (i, score) => { if (!(best.get(i) <= score)) best.set(i, score); };
  hits(finder.text, graph.nameStart, wanted, 0, (i, score, at) => {
    const field = finder.text.slice(graph.nameStart[i], at).split("\t").length - 1;
    if (field === 0 && finder.text.startsWith("x-", graph.nameStart[i])) return;
    const stop = field === 4 ? finder.text.slice(at).search(/[\t\x1f\n=]/) : -1;
    if (stop >= 0 && finder.text[at + stop] === "=") return;
    note(i, score);
  });
  const sound = wanted.replace(/[\s'’]/g, "");
  if (/^[a-z0-9]+$/.test(sound) && /[a-z]/.test(sound) && sound.length > 1) {
    hear(Infinity);
    hits(finder.sound, finder.soundStart, sound, 1.5, (i, score) => { if (score < 3 || sound.length > 4) note(i, score); });
  }
  const ranked = [...best].sort((a, b) => a[1] - b[1] || graph.degree[b[0]] - graph.degree[a[0]] || a[0] - b[0]);
  return ranked.slice(0, limit).map(([i]) => i);
}

/** The combobox: type, arrow keys, Enter. `choose(entity)` is called with what was taken. */
function searchBox(id, label, choose) {
  let options = [], active = -1;
  const list = el("ul", { role: "listbox", id: id + "-list", "aria-label": label, class: "options", hidden: true });
  const field = el("input", {
    type: "search", id, role: "combobox", "aria-expanded": "false", "aria-controls": id + "-list", "aria-autocomplete": "list",
    autocomplete: "off", spellcheck: "false", placeholder: label, "aria-label": label,
    oninput: () => show(search(field.value, 12)),
    onfocus: () => { if (field.value) show(search(field.value, 12)); },
    onblur: () => setTimeout(close, 150),
    onkeydown: (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!options.length) show(search(field.value, 12));
        else mark((active + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length);
      } else if (event.key === "Enter" && options.length) {
        event.preventDefault();
        take(options[Math.max(active, 0)]);
      } else if (event.key === "Escape") { field.value = ""; close(); }
    },
  });
  function close() {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }
  function mark(i) {
    active = i;
    [...list.children].forEach((option, k) => option.setAttribute("aria-selected", String(k === i)));
    field.setAttribute("aria-activedescendant", id + "-option-" + i);
    list.children[i]?.scrollIntoView({ block: "nearest" });
  }
  function take(i) { field.value = ""; close(); choose(i); }
  function show(found) {
    options = found;
    active = -1;
    fill(list, found.map((i, k) => option(i, k)), !found.length && field.value
      ? el("li", { class: "none", role: "option", "aria-disabled": "true" }, t("nothing_found")) : null);
    list.hidden = !found.length && !field.value;
    field.setAttribute("aria-expanded", String(!list.hidden));
    if (found.length) mark(0);
    if (field.value) say(t("found", { n: found.length }));
  }
  function option(i, k) {
    const e = entity(i), main = nameOf(i);
    const others = [e.hans, e.hant, e.en, ...e.aliases].filter((n, at, all) => n && n !== main && all.indexOf(n) === at);
    const row = el("li", { role: "option", id: id + "-option-" + k, "aria-selected": "false", onmousedown: (event) => { event.preventDefault(); take(i); } },
      dot(e.cls), el("span", { class: "option-name" }, main), el("span", { class: "option-more" }, others.slice(0, 3).join(" · ")),
      el("span", { class: "option-class" }, classLabel(i)));
    return row;
  }
  return el("div", { class: "combo" }, icon(ICONS.search), field, list);
}

function dot(cls) {
  const made = el("span", { class: "dot", "aria-hidden": "true" });
  made.style.background = classColour(cls);
  return made;
}
