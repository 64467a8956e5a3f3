// Elements, words and small arithmetic. Text of the graph reaches the page through textContent alone.

const $ = (id) => document.getElementById(id);
const MESSAGES = JSON.parse($("messages").textContent);
const LANGUAGES = ["en", "zh-Hans", "zh-Hant"];
const SVG = "http://www.w3.org/2000/svg";

let language = "en";
let theme = "light";

/** An element with classes, attributes ("on…" are listeners) and children (strings become text). */
function el(tag, attributes, ...children) {
  const svg = tag.startsWith("svg:");
  const made = svg ? document.createElementNS(SVG, tag.slice(4)) : document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") made.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked") made[key] = value;
    else made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
  return made;
}

/** Replaces what `parent` holds. */
function fill(parent, ...children) {
  parent.replaceChildren(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
}

/** The message `key` in the reader's language, with {names} replaced. */
function t(key, values) {
  const text = (MESSAGES[language] || MESSAGES.en)[key] || MESSAGES.en[key] || key;
  return values ? text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "") : text;
}

function count(number) {
  return number.toLocaleString(language === "en" ? "en" : "zh");
}

/** An icon as SVG strokes on a 24 × 24 grid. */
function icon(path) {
  return el("svg:svg", { viewBox: "0 0 24 24", class: "glyph", "aria-hidden": "true", focusable: "false" },
    el("svg:path", { d: path }));
}

const ICONS = {
  menu: "M4 6h16M4 12h16M4 18h16", back: "M15 5l-7 7 7 7", forward: "M9 5l7 7-7 7",
  home: "M4 11l8-7 8 7M6 10v10h12V10", table: "M4 5h16v14H4zM4 10h16M10 5v14",
  graph: "M6 18a2 2 0 100-.1M18 18a2 2 0 100-.1M12 6a2 2 0 100-.1M11 8l-4 8M13 8l4 8M8 18h8",
  path: "M5 19a2 2 0 100-.1M19 5a2 2 0 100-.1M6.5 17.5C9 10 15 14 17.500 6.500", save: "M12 4v11M7 11l5 5 5-5M5 20h14",
  moon: "M20 14A8 8 0 1110 4a6.500 6.500 0 0010 10z", sun: "M12 8a4 4 0 100 8 4 4 0 000-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500L19 19M19 5l-1.500 1.500M6.500 17.500L5 19",
  close: "M6 6l12 12M18 6L6 18", plus: "M12 5v14M5 12h14", minus: "M5 12h14", fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  search: "M11 4a7 7 0 100 14 7 7 0 000-14zM16 16l5 5", link: "M9 15l6-6M10 6l2-2a4.200 4.200 0 016 6l-2 2M14 18l-2 2a4.200 4.200 0 01-6-6l2-2",
  tag: "M4 12V4h8l8 8-8 8zM8 8h.01", focus: "M12 9a3 3 0 100 6 3 3 0 000-6zM12 2v4M12 18v4M2 12h4M18 12h4",
  pin: "M9 4h6l-1 6 4 4H6l4-4zM12 14v6", hide: "M3 3l18 18M10 6a10 10 0 0111 6 13 13 0 01-3 4M6.500 7.500A13 13 0 003 12a10 10 0 0012 5.500",
};

function button(label, path, attributes, ...children) {
  return el("button", { type: "button", class: "icon", title: label, "aria-label": label, ...attributes }, icon(path), ...children);
}

function say(text) {
  $("live").textContent = text;
}

/** A store of the browser that may be switched off (some do for files). */
const memory = {
  get(key) { try { return localStorage.getItem("jinluo." + key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem("jinluo." + key, value); } catch { /* nothing is kept then */ } },
};

function debounce(wait, act) {
  let timer = 0;
  return (...values) => { clearTimeout(timer); timer = setTimeout(() => act(...values), wait); };
}

function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/** yyyymmdd as it is written, with unknown parts left off. */
function dateText(day) {
  const text = String(day).padStart(8, "0");
  return [text.slice(0, 4), text.slice(4, 6), text.slice(6)].filter((part, i) => i === 0 || part !== "00").join("-");
}
