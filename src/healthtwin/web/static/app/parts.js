// Pieces that several screens show: line icons, the note that a value was kept, the emergency card, form fields.

import { h } from "../js/elements.js";
import { now } from "../js/frame.js";
import { STALE_MS, ago, say } from "../js/words.js";
import { dialled } from "./emergency.js";

const SVG = "http://www.w3.org/2000/svg";

const LINES = {
  now: ["M3 12.5h4l2.6-6.8 4.2 12.4 3-8.2 1.3 2.6H21"],
  check: ["M12 20.5s-7.5-4.6-7.5-10.2A4.3 4.3 0 0 1 12 7.6a4.3 4.3 0 0 1 7.5 2.7c0 5.6-7.5 10.2-7.5 10.2z", "M12 11v4.4", "M9.8 13.2h4.4"],
  ill: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M8.6 16.2c1.9-1.9 4.9-1.9 6.8 0", "M9 9.7v.6", "M15 9.7v.6"],
  alerts: ["M6 16.5h12l-1.6-2.6V10a4.4 4.4 0 0 0-8.8 0v3.9z", "M10 19.6a2.1 2.1 0 0 0 4 0"],
  sharing: ["M9 11.2a3.4 3.4 0 1 0 0-6.8 3.4 3.4 0 0 0 0 6.8z", "M2.8 19.5c.4-3.4 2.9-5.2 6.2-5.2s5.8 1.8 6.2 5.2", "M16 5.2a3 3 0 0 1 0 5.8", "M17.6 14.6c2.1.6 3.4 2.3 3.6 4.9"],
  settings: ["M4 7.5h9", "M17 7.5h3", "M4 16.5h3", "M11 16.5h9", "M15 9.7a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z", "M9 18.7a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z"],
  phone: ["M5.2 4h3.4l1.6 4.2-2 1.4a12 12 0 0 0 6.2 6.2l1.4-2 4.2 1.6v3.4a1.4 1.4 0 0 1-1.5 1.4A15.6 15.6 0 0 1 3.8 5.5 1.4 1.4 0 0 1 5.2 4z"],
  back: ["M14.5 5.5 8 12l6.5 6.5"],
};

/** A line icon; decoration, the word stands beside it or in the label. */
export function line(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "line-icon");
  for (const d of LINES[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** "As of 2 h ago: nobody answers", for what `heard` had to take from the phone; null when it is fresh. */
export function keptNote(...answers) {
  const kept = answers.filter((answer) => answer?.kept);
  if (kept.length === 0) return null;
  const at = Math.min(...kept.map((answer) => answer.at));
  return h("p", { class: "kept-note", role: "status" }, say("kept-note", { ago: ago(Date.now() - at) }));
}

/** "If you feel ill, call": never missing where somebody reads how they are. */
export function callNote(number) {
  return h("p", { class: "call-note" }, h("span", {}, say("call-if-ill")),
    h("a", { class: "call-button", href: `tel:${dialled(number)}` }, line("phone"), say("alert-call", { number })));
}

/** A labelled field; `hint` is read with it. */
export function field(label, input, hint = null) {
  const id = input.id || `f-${label.replace(/\W+/g, "-")}`;
  input.id = id;
  if (hint) input.setAttribute("aria-describedby", `${id}-hint`);
  return h("div", { class: "field" }, h("label", { for: id }, label), input, hint && h("p", { class: "hint", id: `${id}-hint` }, hint));
}

/** A button; `kind` is "primary", "plain" or "quiet". */
export const button = (label, kind, click, extra = {}) =>
  h("button", { type: "button", class: `${kind}-button`, on: { click }, ...extra }, label);

/** Checkboxes that look like chips; `chosen` is a set that follows what is ticked. */
export function choices(legend, options, chosen, change = () => {}) {
  return h("fieldset", { class: "picks" }, h("legend", {}, legend),
    h("div", { class: "pick-row" }, options.map(({ code, label }) => {
      const box = h("input", { type: "checkbox", value: code, checked: chosen.has(code) });
      box.addEventListener("change", () => {
        if (box.checked) chosen.add(code);
        else chosen.delete(code);
        change();
      });
      return h("label", { class: "pick" }, box, h("span", {}, label));
    })));
}

/** One of several, as a row of radio buttons. */
export function oneOf(legend, name, options, chosen, change) {
  return h("fieldset", { class: "picks" }, h("legend", {}, legend),
    h("div", { class: "pick-row" }, options.map(({ code, label }) => {
      const radio = h("input", { type: "radio", name, value: code, checked: code === chosen });
      radio.addEventListener("change", () => change(code));
      return h("label", { class: "pick" }, radio, h("span", {}, label));
    })));
}

/** Whether the newest of some times is too old to say anything about now: as long as the house itself waits. */
export const isStale = (time, after = STALE_MS) => !time || now() - time > after;
