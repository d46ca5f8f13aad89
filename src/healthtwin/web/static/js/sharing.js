// "Who sees whom": what one can see, what one was told, and, for clinicians, seeing somebody in an emergency.

import { confirmButton, glassList, kindSwitches, lookedList, reachList, whoWords, youngNote } from "./access_panel.js";
import { byId, fill, h } from "./elements.js";
import { now, opened, toast, viewerZone } from "./frame.js";
import { ask, follow, personPath } from "./server.js";
import { moment, say } from "./words.js";

const SHORTEST_REASON = 3;

async function load() {
  const access = await ask("/api/me/access");
  fill(byId("reach"), reachList(access, { reload: load }));
  if (access.person) await loadMine(access);
}

/** For somebody who is a person of this house: who can see them, and who looked. */
async function loadMine(access) {
  const place = byId("mine");
  const consents = await ask(personPath(access.person, "consents"));
  const open = new Set([...place.querySelectorAll("details[open]")].map((each) => each.dataset.to));
  const focused = document.activeElement?.id;
  const others = access.who.filter((who) => who.relation !== "self");
  const relations = ["family", "treating"].filter((relation) => others.some((who) => who.relation === relation));
  const seen = (to) => consents.shared.find((each) => each.to === to)?.what ?? [];
  fill(place,
    h("section", { class: "who-sees", "aria-labelledby": "mine-title" }, h("h2", { id: "mine-title" }, say("access-mine")),
      others.length === 0 ? h("p", {}, say("sharing-nobody")) : h("ul", { class: "grants" }, others.map((who) => card(access, who, consents))),
      relations.map((to) => kindSwitches(access, { to, label: "", relation: to, kinds: seen(to) }, consents, { reload: load }))),
    h("section", { class: "who-looked", "aria-labelledby": "looked" }, lookedList(access), glassList(access, { reload: load })),
    youngNote(access));
  for (const each of place.querySelectorAll("details")) each.open = open.has(each.dataset.to);
  if (focused) place.querySelector(`[id="${CSS.escape(focused)}"]`)?.focus();
}

function card(access, who, consents) {
  const label = who.label || say("sharing-since", { what: say(`relation-${who.relation}`), moment: moment(who.since, now(), viewerZone) });
  const revoke = async () => {
    try {
      await ask(`${personPath(access.person, "sharing")}/${encodeURIComponent(who.grant)}`, { method: "DELETE" });
      toast(say("notice-joined-undone", { who: label }));
      await load();
    } catch (error) {
      toast(say("access-not-saved", { why: error.message }), "problem");
    }
  };
  return h("li", { class: "grant", data: { grant: who.grant } },
    h("div", { class: "grant-words" }, h("b", {}, label), h("p", { class: "hint" }, say(`relation-${who.relation}`)),
      whoWords(who).map((line) => h("p", { class: "hint" }, line))),
    confirmButton(access, who, { reload: load }),
    kindSwitches(access, { to: who.grant, label, relation: who.relation, kinds: who.kinds }, consents, { reload: load }),
    who.revocable && h("button", { type: "button", class: "plain-button", on: { click: revoke }, "aria-label": say("sharing-revoke-spoken", { label }) }, say("sharing-revoke")));
}

// ---------------------------------------------------------------- an emergency

function emergency(place) {
  const input = (id, type, extra = {}) => h("input", { id, type, autocomplete: "off", ...extra });
  const field = (label, control, hint) => h("div", { class: "field" }, h("label", { for: control.id }, label), control,
    hint && h("p", { class: "hint", id: `${control.id}-hint` }, hint));
  const name = input("glass-name", "text", { maxlength: 200 });
  const year = input("glass-year", "text", { inputmode: "numeric", maxlength: 4 });
  const id = input("glass-id", "text", { maxlength: 64, spellcheck: "false" });
  const reason = h("textarea", { id: "glass-reason", rows: 3, maxlength: 500, "aria-describedby": "glass-reason-hint" });
  const problem = h("p", { class: "form-problem", role: "alert", hidden: true });
  const wrong = (text, control) => {
    problem.hidden = false;
    problem.textContent = text;
    control.focus();
  };
  const go = h("button", { type: "submit", class: "primary-button" }, say("glass-open"));
  async function open(event) {
    event.preventDefault();
    problem.hidden = true;
    const [who, born, known, why] = [name, year, id, reason].map((control) => control.value.trim());
    if (!known && !(who && /^\d{4}$/.test(born))) return wrong(say("glass-whom"), known || who ? year : name);
    if (why.length < SHORTEST_REASON) return wrong(say("glass-short"), reason);
    go.disabled = true;
    try {
      const opening = known
        ? await ask(personPath(known, "break-glass"), { method: "POST", body: { reason: why } })
        : await ask("/api/break-glass", { method: "POST", body: { reason: why, name: who, birth_year: Number(born) } });
      location.assign(`/people/${encodeURIComponent(opening.person)}`);
    } catch (error) {
      wrong(say("glass-failed", { why: error.message }), reason);
    } finally {
      go.disabled = false;
    }
    return undefined;
  }
  fill(place, h("form", { class: "glass-form", novalidate: true, on: { submit: open } },
    h("fieldset", { class: "switches" }, h("legend", {}, say("glass-by-name")), field(say("glass-name"), name), field(say("glass-year"), year)),
    h("fieldset", { class: "switches" }, h("legend", {}, say("glass-by-id")), field(say("glass-id"), id)),
    field(say("glass-reason"), reason, say("glass-reason-hint")), problem, go));
}

if (opened.may_break) emergency(byId("glass"));
load().catch((error) => toast(say("access-not-saved", { why: error.message }), "problem"));
follow({ access: () => load().catch(() => {}) }, load);
