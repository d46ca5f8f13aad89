// On every page of the portal: what one has to know about who sees whom, broken glass with the time that is left,
// and in which of two relations one sees somebody.

import { actingButton, showNotices } from "./access_panel.js";
import { byId, fill, h } from "./elements.js";
import { now, opened, ticking, toast } from "./frame.js";
import { ask, personPath } from "./server.js";
import { say } from "./words.js";

const MINUTE_MS = 60_000;

function glassBanner(place, { person, name, until }) {
  async function end() {
    // The stream ends with the access, and would load this page anew, which is then nobody's.
    dispatchEvent(new Event("pagehide"));
    try {
      await ask(personPath(person, "break-glass"), { method: "DELETE" });
      location.assign("/");
    } catch (error) {
      dispatchEvent(new Event("online"));
      toast(say("glass-failed", { why: error.message }), "problem");
    }
  }
  const words = h("p", {});
  const close = h("button", { type: "button", class: "plain-button", on: { click: end } }, say("glass-end"));
  fill(place, words, close);
  place.hidden = false;
  ticking(() => {
    const left = until - now();
    words.textContent = left > 0 ? say("glass-banner", { name, minutes: Math.ceil(left / MINUTE_MS) }) : say("glass-over");
    close.hidden = left <= 0;
  });
}

function actingBanner(place, { person, name, relation, choices }) {
  fill(place, h("p", {}, say("acting-banner", { name, relation: say(`relation-as-${relation}`) })),
    choices.filter((each) => each !== relation).map((each) => actingButton({ person, name }, each, () => location.reload())));
  place.hidden = false;
}

const standing = opened.standing ?? null;
if (standing?.until) glassBanner(byId("glass-banner"), standing);
if (standing?.choices?.length > 1) actingBanner(byId("acting-banner"), standing);
showNotices(byId("access-notices")).catch(() => {}); // the page itself says when nobody answers
