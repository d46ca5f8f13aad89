// Pieces of forms: labelled fields, buttons, what went wrong, a line icon.

import { h } from "./elements.js";

const SVG = "http://www.w3.org/2000/svg";
const LINES = {
  key: ["M8 10.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z", "M11.2 11.8 20 3", "M16 7l3 3", "M19 4l2 2"],
  phone: ["M8 2.5h8a1.5 1.5 0 0 1 1.5 1.5v16a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 20V4A1.5 1.5 0 0 1 8 2.5z", "M11 18.5h2"],
};

/** A line icon; decoration, the word stands beside it. */
export function line(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  for (const d of LINES[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** A labelled field; `hint` is read with it. */
export function field(label, input, hint = null) {
  if (hint) input.setAttribute("aria-describedby", `${input.id}-hint`);
  return h("div", { class: "field" }, h("label", { for: input.id }, label), input,
    hint && h("p", { class: "hint", id: `${input.id}-hint` }, hint));
}

/** A button; `kind` is "primary", "plain" or "quiet". */
export const button = (label, kind, click, extra = {}) =>
  h("button", { type: "button", class: `${kind}-button`, on: { click }, ...extra }, label);

/** A place for what went wrong, read out when something stands in it. */
export const problemPlace = () => h("p", { class: "form-problem", role: "alert", hidden: true });

/** Say what went wrong there; nothing: it is gone. */
export function tell(place, words = "") {
  place.hidden = !words;
  place.textContent = words;
}

/** Run `work` once at a time; a second press while it runs does nothing. */
export function once(work) {
  let busy = false;
  return async (event) => {
    event?.preventDefault?.();
    if (busy) return;
    busy = true;
    const pressed = event?.submitter ?? event?.currentTarget;
    pressed?.setAttribute?.("aria-disabled", "true");
    try {
      await work(event);
    } finally {
      busy = false;
      pressed?.removeAttribute?.("aria-disabled");
    }
  };
}

/** Into the clipboard. */
export const copy = (words) => navigator.clipboard.writeText(words);
