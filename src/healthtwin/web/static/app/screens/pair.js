// Pairing: the code from the QR, or typed in. Nothing is used up until the button is pressed.

import { fill, h } from "../../js/elements.js";
import { say } from "../../js/words.js";
import { fact } from "../database.js";
import { queueState } from "../queue.js";
import { pair } from "../session.js";
import { field } from "../parts.js";

/** What sort of device this is, as the list of devices will call it. */
function deviceName() {
  const found = /iPhone|iPad|Android|Windows|Macintosh|Linux/.exec(navigator.userAgent)?.[0] ?? "";
  return { Macintosh: "Mac", Android: "Android", iPhone: "iPhone", iPad: "iPad" }[found] ?? found;
}

function whyNot(error) {
  if (error.status === 401) return say("pair-wrong");
  if (error.status === 429) return say("pair-too-often");
  return error.status ? error.message : say("pair-no-network");
}

/** Mount the screen. */
export async function mount(container, services) {
  const former = await fact("pairing");
  const { waiting } = await queueState();
  const code = h("input", { type: "text", id: "code", autocomplete: "one-time-code", autocapitalize: "characters", spellcheck: "false", maxlength: 24,
    value: new URLSearchParams(location.hash.slice(1)).get("code") ?? "" });
  const label = h("input", { type: "text", id: "label", autocomplete: "off", maxlength: 80, value: deviceName() });
  const problem = h("p", { class: "form-problem", role: "alert", hidden: true });
  let busy = false;

  async function go(event) {
    event.preventDefault();
    if (busy) return;
    busy = true;
    problem.hidden = true;
    try {
      await pair(code.value.trim(), label.value.trim() || deviceName());
      history.replaceState(null, "", "/app/pair");
      await services.paired();
    } catch (error) {
      problem.hidden = false;
      problem.textContent = whyNot(error);
      code.focus();
    } finally {
      busy = false;
    }
  }

  fill(container,
    h("h1", {}, say("pair-title")),
    former?.ended && h("p", { class: "banner" }, say("pair-ended")),
    waiting > 0 && h("p", { class: "banner" }, say("pair-waiting", { n: waiting })),
    h("p", { class: "lede" }, say("pair-lede")),
    h("form", { class: "form", novalidate: true, on: { submit: go } },
      field(say("pair-code"), code, say("pair-code-hint")),
      field(say("pair-label"), label, say("pair-label-hint")), problem,
      h("button", { type: "submit", class: "primary-button wide" }, say("pair-go"))),
    h("details", { class: "more-about" }, h("summary", {}, say("pair-how")), h("p", {}, say("pair-how-words")),
      h("pre", { tabindex: "0" }, h("code", {}, "healthtwin pair"))),
    h("p", { class: "hint" }, say("frame-not-a-device")));
  return null;
}
