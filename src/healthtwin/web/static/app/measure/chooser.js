// What can be checked, and what a browser can't do.

import { fill, h } from "../../js/elements.js";
import { hasBluetooth } from "./bluetooth_device.js";
import { drawing } from "./drawings.js";

/** In the order people want them; the first is the big one. */
const SENSED = ["breathing", "cough", "tremor", "balance", "walk"];
const DEVICES = ["oximeter", "strap"];

function card(services, kind, big = false) {
  const say = (key) => services.words(`measure-${key}`);
  return h("li", {},
    h("button", { class: "check-card", type: "button", data: { kind, big: big ? "yes" : null }, on: { click: () => services.navigate(`check/${kind}`) } },
      h("span", { class: "check-icon" }, drawing(kind)),
      h("span", { class: "check-text" }, h("strong", {}, say(`${kind}-title`)), h("span", {}, say(`${kind}-short`))),
      drawing("arrow")));
}

/** Show the list in `container`; answers `{unmount()}`. */
export function showChooser(container, services) {
  const say = (key) => services.words(`measure-${key}`);
  const heading = h("h1", { tabindex: "-1" }, say("title"));
  fill(container, h("div", { class: "measure" },
    h("div", { class: "page-head" }, heading, h("p", { class: "lede" }, say("lede"))),
    h("ul", { class: "check-list" }, card(services, "pulse", true), SENSED.map((kind) => card(services, kind))),
    h("h2", { class: "check-head" }, say("with-device")),
    h("ul", { class: "check-list" }, card(services, "typed"), hasBluetooth() && DEVICES.map((kind) => card(services, kind))),
    !hasBluetooth() && h("p", { class: "hint" }, say("trouble-no-bluetooth-help")),
    h("details", { class: "limits" }, h("summary", {}, say("limits")),
      ["limits-open", "limits-camera", "limits-oxygen", "limits-device"].map((key) => h("p", {}, say(key))))));
  heading.focus();
  return { unmount: () => fill(container) };
}
