// What every measuring screen shares: one heading, one region that changes, words, troubles, and a clean end.

import { fill, h } from "../../js/elements.js";
import { METRICS, canSay, fixed, metricWord, unitId, unitWord } from "../../js/words.js";
import { drawing } from "./drawings.js";
import { SensorTrouble } from "./sensor_trouble.js";
import { keepAwake } from "./wake_lock.js";

/** Seconds left that are said aloud: the rest is for the eye, a screen reader would never come to an end. */
const SAID_ALOUD = [45, 30, 15, 5];

let running = 0;

/** Whether a guided measurement is under way anywhere in this page. */
export const isMeasuring = () => running > 0;

/** A measuring screen in `container`. */
export class Stage {
  constructor(kind, container, services) {
    this.kind = kind;
    this.services = services;
    this.cleanups = [];
    this.gone = false;
    this.heading = h("h1", { tabindex: "-1" }, this.say(`${kind}-title`));
    this.region = h("div", { class: "measure-region", tabindex: "-1" });
    fill(container, h("div", { class: "measure", data: { kind } },
      h("button", { class: "quiet-button measure-back", type: "button", on: { click: () => this.leave() } },
        drawing("arrow"), this.say("back")),
      this.heading, this.region));
    this.heading.focus();
  }

  /** The words of `measure-<key>`. */
  say(key, facts = {}) {
    return this.services.words(`measure-${key}`, facts);
  }

  /** The words of `measure-<key>`, or `otherwise` where there are none or a fact of theirs is missing. */
  sayIfKnown(key, otherwise, facts = {}) {
    return canSay(`measure-${key}`, facts) ? this.say(key, facts) : otherwise;
  }

  number(value, digits) {
    return fixed(value, digits);
  }

  /** What a metric is called here: often shorter than elsewhere. */
  metric(name) {
    return this.sayIfKnown(`metric-${name}`, metricWord(name, "short"));
  }

  /** A metric's unit as one says it: "steps per minute", "per minute", else as it is written. */
  unitOf(name) {
    const unit = METRICS[name]?.unit ?? "1";
    return this.sayIfKnown(`unit-of-${name}`, this.sayIfKnown(unitId(unit), unitWord(unit)));
  }

  /** Say something to a screen reader. */
  announce(text) {
    if (!this.gone) this.services.announce(text);
  }

  /** Replace the region; `step` names what is shown, for style and tests. */
  show(step, ...children) {
    if (this.gone) return;
    const hadFocus = this.region.contains(document.activeElement);
    this.region.dataset.step = step;
    fill(this.region, children);
    // The pressed button is gone: without this the focus would fall out of the screen.
    if (hadFocus) this.region.focus();
  }

  /** Something to undo when the measurement ends, however it ends; the last one first. */
  atEnd(undo) {
    this.cleanups.push(undo);
  }

  /** Begin to measure: the screen stays on until `endMeasuring`. */
  beginMeasuring() {
    running += 1;
    this.atEnd(() => { running -= 1; });
    this.atEnd(keepAwake());
  }

  /** Stop sensors, timers and locks. */
  endMeasuring() {
    while (this.cleanups.length > 0) this.cleanups.pop()();
  }

  /** Show why it did not work, with what helps, and a way to try again. */
  trouble(error, again) {
    this.endMeasuring();
    if (this.gone) return;
    if (!(error instanceof SensorTrouble)) console.error(error);
    const code = error instanceof SensorTrouble ? error.code : "unexpected";
    const title = this.say(`trouble-${code}`);
    this.show("trouble",
      h("div", { class: "notice", role: "alert" }, drawing("attention"),
        h("div", {}, h("h2", {}, title), h("p", {}, this.say(`trouble-${code}-help`)))),
      h("div", { class: "measure-actions" }, this.button("try-again", again), this.leaveButton()));
  }

  button(key, action, kind = "primary-button") {
    return h("button", { class: kind, type: "button", on: { click: action } }, this.say(key));
  }

  leaveButton() {
    return this.button("to-list", () => this.leave(), "plain-button");
  }

  leave() {
    this.endMeasuring();
    this.services.navigate("check");
  }

  unmount() {
    this.endMeasuring();
    this.gone = true;
  }
}

/** A countdown's digits: shown every second, said aloud a few times. */
export function makeCountdown(stage) {
  const digits = h("span", { class: "countdown-digits" }, "");
  let shown = null;
  return {
    element: h("span", { class: "countdown", "aria-hidden": "true" }, digits, h("span", { class: "countdown-unit" }, stage.say("seconds"))),
    show(left) {
      if (left === shown) return;
      if (shown !== null && left < shown && SAID_ALOUD.includes(left)) stage.announce(stage.say("seconds-left", { seconds: left }));
      shown = left;
      digits.textContent = String(left);
    },
    clear() {
      shown = null;
      digits.textContent = "";
    },
  };
}

/** A line that says how it goes: a shape and words; said aloud when it changes, at most every few seconds. */
export function makeHint(stage) {
  const QUIET_MS = 4000;
  const text = h("span", {});
  const element = h("p", { class: "live-hint", data: { mood: "calm" } }, text);
  let shown = null;
  let saidAt = -Infinity;
  let later = null;
  stage.atEnd(() => clearTimeout(later));
  return {
    element,
    /** `mood`: "calm", "good" or "attention". */
    show(key, mood, facts = {}) {
      const words = stage.say(key, facts);
      if (words === shown) return;
      shown = words;
      element.dataset.mood = mood;
      fill(element, mood === "calm" ? null : drawing(mood), h("span", {}, words));
      clearTimeout(later);
      const wait = Math.max(0, saidAt + QUIET_MS - performance.now());
      later = setTimeout(() => {
        saidAt = performance.now();
        stage.announce(words);
      }, wait);
    },
  };
}
