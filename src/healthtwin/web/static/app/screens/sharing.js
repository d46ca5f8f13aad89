// "Sharing": who can see me and what, kind by kind, who looked, taking it back, and inviting somebody.

import { confirmButton, glassList, kindSwitches, lookedList, whoWords, youngNote } from "../../js/access_panel.js";
import { fill, h } from "../../js/elements.js";
import { age, now, toast, viewerZone } from "../../js/frame.js";
import { ask, personPath } from "../../js/server.js";
import { moment, say } from "../../js/words.js";
import { heard } from "../kept.js";
import { button, field, keptNote, oneOf } from "../parts.js";

const INVITED = ["family", "clinician"];

/** Mount the screen. */
export async function mount(container, services) {
  const path = personPath(services.me.person, "sharing");
  const list = h("section", { class: "who-sees", "aria-labelledby": "who" });
  const grown = h("div", {});
  const looked = h("section", { class: "who-looked", "aria-labelledby": "looked" });
  const devices = h("section", { "aria-labelledby": "devices" });
  const invite = h("section", { class: "panel", "aria-labelledby": "invite" });

  /** What nobody named is told apart by what it is and since when. */
  const named = (each) => each.label || say("sharing-since", { what: say(`sharing-scope-${each.scope}`), moment: moment(each.since, now(), viewerZone) });

  function grant(each, access, consents) {
    const place = h("li", { class: "grant", data: { grant: each.grant } });
    const used = each.state === "invited" ? say("sharing-invited", { moment: moment(each.until, now(), viewerZone) })
      : each.last_used_at ? [say("sharing-last-seen"), " ", age(each.last_used_at)] : say("sharing-never-used");
    const shared = each.relation !== "self" && consents;
    async function revoke() {
      try {
        await ask(`${path}/${encodeURIComponent(each.grant)}`, { method: "DELETE" });
        services.announce(say("sharing-revoked", { label: named(each) }));
        toast(say("sharing-revoked", { label: named(each) }));
        await load();
        container.querySelector("h1").focus();
      } catch (error) {
        toast(say("sharing-not-revoked", { why: error.message }), "problem");
      }
    }
    function rest() {
      fill(place, h("div", { class: "grant-words" }, h("b", {}, named(each)),
        h("p", { class: "hint" }, say(`sharing-scope-${each.scope}`), " · ", used),
        shared ? whoWords(each, say(`sharing-may-${each.scope}`)).map((line) => h("p", { class: "hint" }, line)) : h("p", { class: "hint" }, say(`sharing-may-${each.scope}`))),
      shared && confirmButton(access, each, { reload: load }),
      shared && kindSwitches(access, { to: each.grant, label: named(each), relation: each.relation, kinds: each.kinds }, consents, { reload: load }),
      each.current
        ? h("span", { class: "state-chip" }, say("sharing-this-phone"))
        : each.revocable && button(say("sharing-revoke"), "plain", really, { "aria-label": say("sharing-revoke-spoken", { label: named(each) }) }));
    }
    function really() {
      const yes = button(say("sharing-revoke-yes"), "danger", revoke);
      fill(place, h("p", {}, h("b", {}, say("sharing-really", { label: named(each) }))),
        h("div", { class: "verb-row" }, yes, button(say("sharing-keep"), "plain", () => { rest(); place.querySelector("button").focus(); })));
      yes.focus();
    }
    rest();
    return place;
  }

  async function load() {
    const open = new Set([...list.querySelectorAll("details[open]")].map((each) => each.dataset.to));
    const focused = document.activeElement?.id;
    const [answer, stated] = await Promise.all([heard("/api/me/access"), heard(personPath(services.me.person, "consents"))]);
    const access = answer.value;
    // What is shown from memory can be read; only what the house has just said is changed.
    const consents = answer.kept || stated.kept ? null : stated.value;
    const people = access.who.filter((each) => !["person", "device"].includes(each.scope));
    const phones = access.who.filter((each) => ["person", "device"].includes(each.scope));
    const relations = ["family", "treating"].filter((relation) => people.some((each) => each.relation === relation));
    const seen = (to) => consents?.shared.find((each) => each.to === to)?.what ?? [];
    fill(list, h("h2", { id: "who" }, say("sharing-who")), keptNote(answer, stated),
      people.length === 0 ? h("p", {}, say("sharing-nobody")) : h("ul", { class: "grants" }, people.map((each) => grant(each, access, consents))),
      consents && relations.map((to) => kindSwitches(access, { to, label: "", relation: to, kinds: seen(to) }, consents, { reload: load })));
    fill(grown, youngNote(access));
    fill(looked, lookedList(access), glassList(access, { reload: load }));
    fill(devices, h("h2", { id: "devices" }, say("sharing-devices")), h("ul", { class: "grants" }, phones.map((each) => grant(each, access, null))),
      h("p", { class: "hint" }, say("sharing-devices-hint")));
    for (const each of list.querySelectorAll("details")) each.open = open.has(each.dataset.to);
    if (focused) container.querySelector(`[id="${CSS.escape(focused)}"]`)?.focus();
  }

  function askWhom() {
    let scope = "family";
    const label = h("input", { type: "text", maxlength: 80, autocomplete: "off", id: "invite-label" });
    const may = h("p", { class: "hint", role: "status" }, say("sharing-may-family"));
    const problem = h("p", { class: "form-problem", role: "alert", hidden: true });
    async function make(event) {
      event.preventDefault();
      problem.hidden = Boolean(label.value.trim());
      if (!label.value.trim()) {
        problem.textContent = say("sharing-name-them");
        label.focus();
        return;
      }
      try {
        const made = await ask(path, { method: "POST", body: { scope, label: label.value.trim() } });
        show(made, label.value.trim());
        await load();
      } catch (error) {
        problem.hidden = false;
        problem.textContent = say("sharing-not-invited", { why: error.message });
      }
    }
    fill(invite, h("h2", { id: "invite" }, say("sharing-invite")),
      h("form", { class: "form", novalidate: true, on: { submit: make } },
        oneOf(say("sharing-as"), "scope", INVITED.map((code) => ({ code, label: say(`sharing-scope-${code}`) })), scope, (chosen) => {
          scope = chosen;
          may.textContent = say(`sharing-may-${chosen}`);
        }), may,
        field(say("sharing-label"), label, say("sharing-label-hint")), problem,
        h("button", { type: "submit", class: "primary-button wide" }, say("sharing-make"))));
  }

  function show(made, label) {
    const url = h("input", { type: "text", readonly: true, value: made.url, id: "invite-url" });
    url.addEventListener("focus", () => url.select());
    const heading = h("h2", { id: "invite", tabindex: "-1" }, say("sharing-link-for", { label }));
    async function copy() {
      try {
        await navigator.clipboard.writeText(made.url);
        toast(say("sharing-copied"));
      } catch {
        url.focus();
      }
    }
    fill(invite, heading, h("p", {}, say("sharing-link-once", { moment: moment(made.expires_at, now(), viewerZone) })),
      field(say("sharing-link"), url),
      h("div", { class: "verb-row" }, button(say("sharing-copy"), "primary", copy),
        navigator.share && button(say("sharing-send"), "plain", () => navigator.share({ url: made.url }).catch(() => {})),
        button(say("sharing-done"), "plain", () => { askWhom(); container.querySelector("h1").focus(); })));
    heading.focus();
  }

  askWhom();
  fill(container, h("h1", {}, say("sharing-title")), h("p", { class: "lede" }, say("sharing-lede")), list, looked, grown, invite, devices);
  await load();
  // Somebody came, went, or looked in an emergency: it shows while the screen is open, too.
  const heardOf = services.on("access", () => load().catch(() => {}));
  const again = services.on("refresh", () => load().catch(() => {}));
  return { unmount: () => { heardOf(); again(); } };
}
