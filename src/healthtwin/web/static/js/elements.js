// Building the page: elements, the few icons, and the chips that say a level by shape and word, never by
// colour alone. Text only ever enters as text nodes, so nothing that came over the wire becomes markup.

import { breakable, levelWord, stateWord, statusWord } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

/** An element. `properties`: `class`, `data`, `on`, `style` (custom properties and the like), else attributes. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") element.className = value;
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "on") for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
    else if (name === "style") for (const [key, setting] of Object.entries(value)) element.style.setProperty(key, setting);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...shown(children));
  return element;
}

/** What is there to show: lists laid flat, `null`, `undefined`, `false` and "" left out. */
const shown = (children) => children.flat(3).filter((child) => child || child === 0)
  .map((child) => (typeof child === "string" ? breakable(child) : child));

/** Replace everything in `element` by these children, in the notation of `h`. */
export function fill(element, ...children) {
  element.replaceChildren(...shown(children));
}

// One shape per level: an octagon, a triangle, a circle, a broken circle, a plain ring. They stay apart in grey.
const SHAPES = {
  critical: ["M8 2h8l6 6v8l-6 6H8l-6-6V8z", "M12 7v6", "M12 16.5v.5"],
  warning: ["M12 3 22.5 21h-21z", "M12 9.5v5", "M12 17.6v.5"],
  info: ["M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19z", "M12 11v6", "M12 7v.5"],
  unknown: ["M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19z", "M9.2 9.4a2.9 2.9 0 1 1 4.3 2.5c-1 .6-1.5 1.2-1.5 2.3", "M12 17.4v.4"],
  learning: ["M4 19.5V6.8C6.5 5.2 9.6 5.2 12 7c2.4-1.8 5.5-1.8 8-.2v12.7c-2.5-1.4-5.6-1.4-8 .2-2.4-1.6-5.5-1.6-8-.2z", "M12 7v12.7"],
  usual: ["M2.5 13h4l2.5-6.5 4 11 3-8 1.5 3.5h4"],
  bell_off: ["M6 17h12l-1.5-2.5V10a4.5 4.5 0 0 0-9 0v4.5z", "M10 19.5a2 2 0 0 0 4 0", "M4 4l16 16"],
};

/** An icon of `SHAPES`; it is decoration, the word stands beside it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name}`);
  for (const d of SHAPES[name] ?? SHAPES.unknown) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** "Critical", "Warning", "Info" with its shape. */
export function levelChip(level) {
  return h("span", { class: "chip", data: { level } }, icon(level), levelWord(level));
}

/** A person's status with its shape. */
export function statusChip(status) {
  return h("span", { class: "chip", data: { level: status } }, icon(status), statusWord(status));
}

/** Where an episode stands, in words. */
export function stateChip(state, note = "") {
  return h("span", { class: "state-chip", data: { state } }, stateWord(state), note && ` ${note}`);
}

/** Own range in the middle third of the track; the marker stops at the ends. Decoration: the words stand beside it. */
export function gauge(metric) {
  if (!metric.ready || metric.low === null) return h("span", { class: "gauge gauge-blank", "aria-hidden": "true" });
  const width = metric.high - metric.low || 1;
  const place = Math.min(1, Math.max(0, (metric.value - (metric.low - width)) / (3 * width)));
  return h("span", { class: "gauge", "aria-hidden": "true" },
    h("span", { class: "gauge-band" }), h("span", { class: "gauge-mark", style: { left: `${place * 100}%` } }));
}

/** A table with a caption; `rows` are lists of cells, each text or nodes; the first of each row is its head. */
export function table(caption, heads, rows) {
  return h("table", {},
    h("caption", { class: "visually-hidden" }, caption),
    h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", {}, rows.map((cells) => h("tr", {}, cells.map((cell, place) =>
      place === 0 ? h("th", { scope: "row" }, cell) : h("td", {}, cell))))));
}

/** The element with this id. */
export const byId = (id) => document.getElementById(id);
