// Small plots: figures over time, and the histogram of dates with its brush.

const brush = { bins: 0, bin: new Uint16Array(0), days: [] };

/** A point in time of an ISO date, month or year, in years. */
function years(date) {
  const [y, m = "7", d = "1"] = date.split("-");
  return Number(y) + (Number(m.replace("Q", "")) - 1) / 12 + (Number(d) - 1) / 365;
}

/** A line of at least two dated figures of one indicator and unit. */
function figurePlot(figures) {
  const points = figures.filter((f) => f.end || f.start).map((f) => [years(f.end || f.start), Number(f.value), f]).sort((a, b) => a[0] - b[0]);
  if (points.length < 2 || points[0][0] === points.at(-1)[0]) return null;
  const width = 300, height = 54, pad = 6;
  const [lowX, highX] = [points[0][0], points.at(-1)[0]];
  const low = Math.min(...points.map((p) => p[1]), 0), high = Math.max(...points.map((p) => p[1]), 0);
  const x = (v) => pad + ((v - lowX) / (highX - lowX || 1)) * (width - 2 * pad), y = (v) => height - pad - ((v - low) / (high - low || 1)) * (height - 2 * pad);
  const text = points.map(([, , f]) => (f.end || f.start) + ": " + figureText(f)).join("; ");
  return el("svg:svg", { class: "plot", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": text },
    el("svg:line", { x1: pad, x2: width - pad, y1: y(0), y2: y(0), class: "zero" }),
    el("svg:polyline", { points: points.map(([a, b]) => x(a).toFixed(1) + "," + y(b).toFixed(1)).join(" ") }),
    points.map(([a, b, f]) => el("svg:circle", { cx: x(a).toFixed(1), cy: y(b).toFixed(1), r: 3, class: f.kind }, el("svg:title", null, (f.end || f.start) + " " + figureText(f)))));
}

/** A figure with its unit; large ones with 万 and 億 or million and billion, as the browser's locale writes them. */
function figureText(f) {
  const value = Number(f.value), tongue = language === "en" ? "en" : language === "zh-Hans" ? "zh-CN" : "zh-HK";
  const short = new Intl.NumberFormat(tongue, Math.abs(value) >= 1e5 ? { notation: "compact", maximumFractionDigits: 2 } : { maximumFractionDigits: 4 }).format(value);
  const unit = graph.meta.look.units[f.unit] ?? " " + (MESSAGES[language]["unit_" + f.unit] || f.unit);
  return (f.qualifier ? f.qualifier + " " : "") + short + unit;
}

/** Bins of documents' dates: days, months, quarters or years, at most 120. */
function prepareBrush() {
  const days = [...new Set(graph.document_date)].filter(Boolean).sort((a, b) => a - b);
  if (days.length < 2) return;
  const units = [(d) => d, (d) => Math.floor(d / 100) * 100, (d) => Math.floor(d / 10000) * 10000];
  const key = units.find((u) => new Set(days.map(u)).size <= 120) || units[2];
  brush.days = [...new Set(days.map(key))];
  const number = new Map(brush.days.map((d, i) => [d, i]));
  brush.bins = brush.days.length;
  brush.step = units.indexOf(key);
  brush.bin = new Uint16Array(graph.documents.length);
  graph.document_date.forEach((d, i) => { brush.bin[i] = d ? number.get(key(d)) : 65535; });
}

/** The first and last day (yyyymmdd) of the bins that are chosen, for filters. */
function setBrush(low, high) {
  const whole = low <= 0 && high >= brush.bins - 1;
  filters.from = whole ? 0 : brush.days[low];
  filters.to = whole ? 0 : brush.days[high] + [0, 99, 9999][brush.step];
  filtersChanged();
}

function brushEnds() {
  if (!filters.from && !filters.to) return [0, brush.bins - 1];
  const low = brush.days.findIndex((d) => d + [0, 99, 9999][brush.step] >= filters.from);
  let high = brush.bins - 1;
  while (high > 0 && brush.days[high] > (filters.to || 99999999)) high--;
  return [Math.max(low, 0), high];
}

function drawBrush() {
  const holder = $("brush");
  holder.hidden = brush.bins < 2;
  if (holder.hidden) return;
  const [low, high] = brushEnds(), counts = passing.counts.date, most = Math.max(1, ...counts);
  const shade = (i) => (i >= low && i <= high ? "bar-in" : "bar-out");
  const bars = el("svg:svg", { viewBox: `0 0 ${brush.bins} 100`, preserveAspectRatio: "none", class: "bars", "aria-hidden": "true" },
    [...counts].map((n, i) => el("svg:rect", { x: i + 0.08, width: 0.84, y: 100 - (n ? 6 + 94 * Math.sqrt(n / most) : 0), height: n ? 6 + 94 * Math.sqrt(n / most) : 0, class: shade(i) },
      el("svg:title", null, dateText(brush.days[i]) + ": " + count(n)))));
  const slider = (label, value, act) => el("input", { type: "range", min: 0, max: brush.bins - 1, value: String(value), "aria-label": label, "aria-valuetext": dateText(brush.days[value]), onchange: (event) => act(Number(event.target.value)) });
  const area = el("div", { class: "brush-area" }, bars,
    slider(t("date_from"), low, (v) => setBrush(Math.min(v, high), high)), slider(t("date_to"), high, (v) => setBrush(low, Math.max(v, low))));
  area.addEventListener("pointerdown", (event) => {
    if (event.target.tagName === "INPUT") return;
    const box = area.getBoundingClientRect(), at = (e) => clamp(Math.floor(((e.clientX - box.left) / box.width) * brush.bins), 0, brush.bins - 1);
    const start = at(event);
    const paint = (e) => [...bars.children].forEach((bar, i) => bar.setAttribute("class", i >= Math.min(start, at(e)) && i <= Math.max(start, at(e)) ? "bar-in" : "bar-out"));
    const done = (e) => { removeEventListener("pointermove", paint); removeEventListener("pointerup", done); setBrush(Math.min(start, at(e)), Math.max(start, at(e))); };
    addEventListener("pointermove", paint);
    addEventListener("pointerup", done);
    paint(event);
  });
  fill(holder, el("span", { class: "brush-label" }, dateText(brush.days[low])), area, el("span", { class: "brush-label" }, dateText(brush.days[high])),
    filters.from || filters.to ? button(t("clear_dates"), ICONS.close, { class: "icon small", onclick: () => setBrush(0, brush.bins - 1) }) : null);
}
