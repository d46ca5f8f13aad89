// "I don't feel well": emergency signs first, then what it is and how bad, into the timeline.

import { byId, fill, h } from "../../js/elements.js";
import { age, now, toast } from "../../js/frame.js";
import { personPath } from "../../js/server.js";
import { say } from "../../js/words.js";
import { dialled } from "../emergency.js";
import { heard } from "../kept.js";
import { queueState } from "../queue.js";
import { button, choices, field, keptNote, line } from "../parts.js";

const SIGNS = ["chest", "breath", "stroke", "faint", "bleeding", "allergy", "seizure", "self_harm"];
const SYMPTOMS = ["fever", "cough", "short_of_breath", "palpitations", "dizzy", "headache", "nausea", "belly", "pain", "tired", "throat", "anxious"];
/** What is answered with the emergency number once more, however it is rated. */
const GRAVE = new Set(["short_of_breath"]);
/** On the scale of ten that pain is asked for with, 7 and more is severe (Boonstra et al., Front Psychol 2016;7:1466). */
const SEVERE = 7;
const RECENT = 10;

/** Mount the screen. */
export async function mount(container, services) {
  const path = personPath(services.me.person, "events");
  const call = () => h("a", { class: "call-button call-big", href: `tel:${dialled(services.number)}` }, line("phone"), say("alert-call", { number: services.number }));
  const form = h("section", { "aria-labelledby": "ill-what" });
  const recent = h("section", { "aria-labelledby": "ill-recent" });
  fill(container,
    h("h1", {}, say("ill-title")),
    h("section", { class: "emergency", "aria-labelledby": "ill-signs" },
      h("h2", { id: "ill-signs" }, say("ill-signs-title")), call(),
      h("ul", { class: "signs" }, SIGNS.map((sign) => h("li", {}, say(`ill-sign-${sign}`)))),
      h("p", { class: "hint" }, say("ill-nobody-called"))),
    form, recent);

  function ask() {
    const chosen = new Set();
    const text = h("textarea", { rows: 3, maxlength: 1500, id: "ill-text" });
    const out = h("output", { for: "ill-severity", class: "severity-value" }, "–");
    const scale = h("input", { type: "range", min: 0, max: 10, step: 1, value: 0, id: "ill-severity" });
    const problem = h("p", { class: "form-problem", role: "alert", hidden: true });
    let rated = false;
    scale.addEventListener("input", () => {
      rated = true;
      out.textContent = scale.value;
      scale.setAttribute("aria-valuetext", say("ill-of-ten", { value: scale.value }));
    });
    async function save(event) {
      event.preventDefault();
      const said = [...[...chosen].map((code) => say(`ill-symptom-${code}`)), text.value.trim()].filter(Boolean);
      problem.hidden = said.length > 0;
      if (said.length === 0) {
        problem.textContent = say("ill-say-something");
        return;
      }
      const body = { kind: "symptom", timestamp: now(), text: said.join(", "), codes: [...chosen] };
      if (rated) body.severity = Number(scale.value);
      const answer = await services.submit(path, body);
      if (answer.status >= 400) {
        problem.hidden = false;
        problem.textContent = say("ill-refused", { why: answer.answer?.detail ?? answer.status });
        return;
      }
      saved(answer.queued, (body.severity ?? 0) >= SEVERE || body.codes.some((code) => GRAVE.has(code)));
      showRecent();
    }
    fill(form, h("h2", { id: "ill-what" }, say("ill-what")),
      h("form", { class: "form", novalidate: true, on: { submit: save } },
        choices(say("ill-choose"), SYMPTOMS.map((code) => ({ code, label: say(`ill-symptom-${code}`) })), chosen),
        field(say("ill-words"), text, say("ill-words-hint")),
        h("div", { class: "field" },
          h("label", { for: "ill-severity" }, say("ill-how-bad")),
          h("div", { class: "severity" }, scale, out),
          h("p", { class: "severity-ends hint", "aria-hidden": "true" }, h("span", {}, say("ill-bearable")), h("span", {}, say("ill-worst")))),
        problem,
        h("button", { type: "submit", class: "primary-button wide" }, say("ill-save"))));
  }

  function saved(queued, grave) {
    const heading = h("h2", { id: "ill-what", tabindex: "-1" }, say(queued ? "ill-saved-here" : "ill-saved"));
    fill(form, h("div", { class: "after" }, heading,
      grave && h("div", { class: "emergency" }, h("p", {}, h("strong", {}, say("ill-grave"))), call()),
      h("p", {}, say("ill-then")),
      h("div", { class: "verb-row" },
        h("a", { class: "primary-button", href: "/app/check" }, say("now-to-check")),
        button(say("ill-another"), "plain", () => { ask(); byId("ill-text").focus(); }))));
    heading.focus();
    toast(say(queued ? "ill-saved-here" : "ill-saved"));
  }

  async function showRecent() {
    const here = (await queueState()).waiting;
    let answer = null;
    try {
      answer = await heard(`${path}?limit=${RECENT}`);
    } catch {
      // Never heard yet: what waits is all there is to say.
    }
    const entries = answer?.value ?? [];
    fill(recent, h("h2", { id: "ill-recent" }, say("ill-recent")), keptNote(answer),
      here > 0 && h("p", { class: "hint" }, say("queue-waiting", { n: here })),
      entries.length === 0
        ? h("p", { class: "hint" }, say("ill-none"))
        : h("ul", { class: "entries" }, entries.map((entry) => h("li", {},
          h("span", { class: "entry-text" }, entry.text),
          h("span", { class: "hint" }, age(entry.at), entry.severity !== null && ` · ${say("ill-of-ten", { value: entry.severity })}`)))));
  }

  ask();
  await showRecent();
  const ends = [services.on("event", showRecent), services.on("refresh", showRecent)];
  return { unmount: () => ends.forEach((end) => end()) };
}
