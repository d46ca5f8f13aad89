// The first five minutes: a few questions, permissions, a first measurement. Every step may be skipped, and each
// is kept as soon as it is answered, so that one can stop anywhere and go on later.

import { fill, h } from "../../js/elements.js";
import { toast, viewerZone } from "../../js/frame.js";
import { ask, personPath } from "../../js/server.js";
import { say } from "../../js/words.js";
import { fact, keepFact } from "../database.js";
import { button, choices, field, oneOf } from "../parts.js";

/** Measuring comes first: it is what somebody came for, and it works without any of the rest. */
const STEPS = ["baseline", "about", "history", "risks", "medicines", "allergies", "contacts", "permissions"];
const CONDITIONS = ["hypertension", "heart_failure", "coronary", "arrhythmia", "copd", "asthma", "diabetes", "kidney", "stroke", "cancer", "depression"];
const RISKS = ["smoking", "overweight", "inactive", "alcohol", "family_heart", "alone"];
const ALLERGIES = ["penicillin", "painkillers", "contrast", "latex", "nuts", "bees", "pollen"];
const MOST_CONTACTS = 10;

/** Mount a step: the one named by `rest`, else the first that was not done. */
export async function mount(container, services, [named]) {
  const { person: id } = services.me;
  const done = new Set((await fact("welcome")) ?? []);
  const step = STEPS.includes(named) ? named : STEPS.find((each) => !done.has(each)) ?? STEPS[0];
  const at = STEPS.indexOf(step);
  const problem = h("p", { class: "form-problem", role: "alert", hidden: true });
  const body = h("div", { class: "form" });

  async function onward() {
    done.add(step);
    await keepFact("welcome", [...done]);
    if (at + 1 < STEPS.length) return services.navigate(`welcome/${STEPS[at + 1]}`);
    await keepFact("welcomed", true);
    return services.navigate("now");
  }

  async function keep(event) {
    event.preventDefault();
    try {
      await save();
      await onward();
    } catch (error) {
      problem.hidden = false;
      problem.textContent = error.status ? say("welcome-refused", { why: error.message }) : say("welcome-offline");
    }
  }

  const background = () => ask(personPath(id, "background"));
  const putBackground = async (changes) => {
    const { conditions, risk_factors, allergies, emergency_contacts } = { ...(await background()), ...changes };
    await ask(personPath(id, "background"), { method: "PUT", body: { conditions, risk_factors, allergies, emergency_contacts } });
  };

  /** Ticked ones of a list and, one a line, whatever else; both stand in one list of the house, in plain words. */
  async function listStep(name, options, listName) {
    const known = (await background())[listName];
    const label = (code) => say(`welcome-${name}-${code}`);
    const chosen = new Set(options.filter((code) => known.includes(label(code))));
    const others = known.filter((each) => !options.some((code) => label(code) === each));
    const more = h("textarea", { rows: 2, maxlength: 2000, id: "more" });
    more.value = others.join("\n");
    fill(body, choices(say(`welcome-${step}-choose`), options.map((code) => ({ code, label: label(code) })), chosen), field(say("welcome-more"), more, say("welcome-more-hint")));
    return () => putBackground({ [listName]: [...[...chosen].map(label), ...lines(more.value)] });
  }

  const SHOW = {
    async about() {
      const profile = await ask(personPath(id, "profile"));
      const birth = h("input", { type: "number", inputmode: "numeric", min: 1900, max: new Date().getFullYear(), id: "birth", value: profile.birth_year ?? "" });
      let { sex } = profile;
      const pregnant = h("input", { type: "checkbox", id: "pregnant", checked: profile.pregnant === true });
      fill(body, field(say("welcome-birth-year"), birth, say("welcome-birth-year-hint")),
        oneOf(say("welcome-sex"), "sex", ["female", "male", "other"].map((code) => ({ code, label: say(`welcome-sex-${code}`) })), sex, (code) => { sex = code; }),
        h("div", { class: "field switch" }, pregnant, h("label", { for: "pregnant" }, say("welcome-pregnant")), h("p", { class: "hint" }, say("welcome-pregnant-hint"))));
      return () => ask(personPath(id, "profile"), { method: "PUT", body: { birth_year: birth.value ? Number(birth.value) : null, sex: sex ?? null, pregnant: pregnant.checked, timezone: viewerZone } });
    },
    history: () => listStep("condition", CONDITIONS, "conditions"),
    risks: () => listStep("risk", RISKS, "risk_factors"),
    allergies: () => listStep("allergy", ALLERGIES, "allergies"),
    async medicines() {
      const known = await ask(personPath(id, "medicines"));
      const list = h("textarea", { rows: 5, id: "medicines", maxlength: 4000 });
      list.value = known.medicines.join("\n");
      fill(body, field(say("welcome-medicines-list"), list, say("welcome-medicines-hint")));
      return async () => {
        const answer = await ask(personPath(id, "medicines"), { method: "PUT", body: { medicines: [...new Set(lines(list.value))] } });
        if (answer.unknown.length > 0) toast(say("welcome-medicines-unknown", { names: answer.unknown.join(", ") }));
      };
    },
    async contacts() {
      const known = (await background()).emergency_contacts;
      const rows = [];
      const place = h("div", { class: "contacts" });
      const add = (contact = {}) => {
        const n = rows.length + 1;
        const input = (what, type) => h("input", { type, id: `${what}-${n}`, maxlength: 100, value: contact[what] ?? "", autocomplete: "off" });
        const row = { name: input("name", "text"), phone: input("phone", "tel"), relation: input("relation", "text") };
        rows.push(row);
        place.append(h("fieldset", { class: "contact" }, h("legend", {}, say("welcome-contact", { n })),
          field(say("welcome-contact-name"), row.name), field(say("welcome-contact-phone"), row.phone), field(say("welcome-contact-relation"), row.relation)));
        if (rows.length >= MOST_CONTACTS) more.hidden = true;
        return row;
      };
      const more = button(say("welcome-contact-more"), "plain", () => add().name.focus());
      known.forEach((contact) => add(contact));
      if (known.length === 0) add();
      fill(body, place, more);
      return () => putBackground({ emergency_contacts: rows.map(({ name, phone, relation }) => ({
        name: name.value.trim(), phone: phone.value.trim(), ...(relation.value.trim() && { relation: relation.value.trim() }),
      })).filter((contact) => contact.name || contact.phone) });
    },
    async permissions() {
      fill(body, ["motion", "notify"].map((what) => {
        const said = h("p", { class: "hint", role: "status" }, say(`welcome-${what}-hint`));
        return h("div", { class: "permission" }, h("b", {}, say(`welcome-${what}`)), said,
          button(say("welcome-allow"), "plain", async () => { said.textContent = say(`welcome-said-${await PERMIT[what]()}`); }, { "aria-label": `${say("welcome-allow")}: ${say(`welcome-${what}`)}` }));
      }), h("p", { class: "hint" }, say("welcome-camera-hint")));
      return async () => {};
    },
    async baseline() {
      const had = new Set((await fact("baseline")) ?? []);
      fill(body, ["pulse", "breathing"].map((kind, n) => h("div", { class: "permission" },
        h("b", {}, `${n + 1}. ${say(`welcome-baseline-${kind}`)}`), h("p", { class: "hint" }, say(`welcome-baseline-${kind}-hint`)),
        h("a", { class: had.has(kind) ? "plain-button" : "primary-button", href: `/app/check/${kind}` }, say("welcome-baseline-go")))),
      h("div", { class: "permission" }, h("b", {}, `3. ${say("welcome-baseline-questions")}`), h("p", { class: "hint" }, say("welcome-baseline-questions-hint")),
        h("a", { class: "plain-button", href: "/app/ill" }, say("welcome-baseline-answer"))));
      return async () => {};
    },
  };

  let save = async () => {};
  const heading = h("h1", {}, say(`welcome-${step}-title`));
  fill(container,
    h("p", { class: "step-count" }, say("welcome-step", { n: at + 1, of: STEPS.length })),
    h("progress", { class: "learning", max: STEPS.length, value: at, "aria-label": say("welcome-progress") }),
    heading, h("p", { class: "lede" }, say(`welcome-${step}-lede`)),
    h("form", { novalidate: true, on: { submit: keep } }, body, problem,
      h("div", { class: "verb-row steps-row" },
        h("button", { type: "submit", class: "primary-button" }, say(at + 1 < STEPS.length ? "welcome-next" : "welcome-finish")),
        button(say("welcome-skip"), "plain", onward),
        at > 0 && button(say("welcome-back"), "quiet", () => services.navigate(`welcome/${STEPS[at - 1]}`)),
        button(say("welcome-later"), "quiet", async () => { await keepFact("welcomed", true); await services.navigate("now"); }))));
  try {
    save = await SHOW[step]();
  } catch (error) {
    if (error.status === 401) throw error;
    fill(body, h("p", { class: "banner" }, say("welcome-offline")));
  }
  return null;
}

const lines = (text) => text.split("\n").map((each) => each.trim()).filter(Boolean);

const PERMIT = {
  async motion() {
    if (typeof DeviceMotionEvent === "undefined") return "missing";
    // Only iOS asks, and only after a tap; elsewhere motion is open to pages like this one.
    if (!DeviceMotionEvent.requestPermission) return "granted";
    return (await DeviceMotionEvent.requestPermission()) === "granted" ? "granted" : "denied";
  },
  async notify() {
    if (!("Notification" in window)) return "missing";
    return (await Notification.requestPermission()) === "granted" ? "granted" : "denied";
  },
};
