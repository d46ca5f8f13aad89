// One's own account: what lets one in, where one is signed in, what happened to it, and what to do when a phone is gone.

import { Refused, ask } from "./ask.js";
import { byId, fill, h } from "./elements.js";
import { button, field, line, once, problemPlace, tell } from "./forms.js";
import { now, opened, toast, viewerZone } from "./frame.js";
import { device, make, meaning, show, supported } from "./passkey.js";
import { codesOf, totpForm } from "./proofs.js";
import "./server.js";
import { ago, moment, say } from "./words.js";

const why = (error) => (error instanceof Refused ? error.message : say("sign-in-nobody-answers"));
const when = (at) => moment(at, now(), viewerZone);

/** Do something to the account, say so, and show it as it is then. */
const act = (work, done) => once(async () => {
  try {
    await work();
    if (done) toast(say(done));
    await load();
  } catch (error) {
    toast(why(error), "problem");
  }
});

/** A button that asks once more before it does something that cannot be taken back. */
function twice(label, really, work, done) {
  const first = button(say(label), "plain", () => {
    const second = button(say(really), "danger", act(work, done));
    first.replaceWith(second);
    second.focus();
  });
  return first;
}

// ---------------------------------------------------------------- passkeys

let passkeyProblem = "";

const addPasskey = once(async () => {
  passkeyProblem = "";
  try {
    const options = await ask("/api/account/passkeys/options", { method: "POST", body: {} });
    await ask("/api/account/passkeys", { method: "POST", body: { credential: await make(options), label: say("passkey-label", { device: device() || "none" }) } });
    toast(say("passkey-added"));
  } catch (error) {
    const how = error instanceof Refused ? "" : meaning(error);
    if (how === "known") toast(say("passkey-known"));
    else passkeyProblem = how ? say(`passkey-${how}`) : error.message;
  }
  await load();
});

function passkeys(list) {
  const { offer, why_not: reason, trust } = opened;
  fill(byId("passkeys"),
    list.length === 0 && h("p", { class: "hint" }, say("account-no-passkeys")),
    h("ul", { class: "items" }, list.map((each) => h("li", { class: "item", data: { suspect: each.stepped_back_at ? "yes" : "no" } },
      h("div", { class: "item-words" }, h("strong", {}, each.label),
        h("span", { class: "hint" }, [say(each.device_bound ? "passkey-bound" : "passkey-synced"), say("account-since", { moment: when(each.created_at) }),
          each.last_used_at ? say("account-used", { ago: ago(now() - each.last_used_at) }) : say("account-never-used")].join(" · ")),
        each.works ? null : h("span", { class: "hint" }, say("passkey-old-name", { name: each.rp_id })),
        each.stepped_back_at && h("div", { class: "was-it-you" },
          h("p", {}, say(each.device_bound ? "passkey-copied-refused" : "passkey-copied-noted", { moment: when(each.stepped_back_at) })),
          h("div", { class: "verb-row" },
            button(say("passkey-was-me"), "plain", act(() => ask(`/api/account/passkeys/${each.id}/was-me`, { method: "POST", body: { me: true } }), "passkey-was-me-done")),
            button(say("passkey-was-not-me"), "danger", act(() => ask(`/api/account/passkeys/${each.id}/was-me`, { method: "POST", body: { me: false } }), "passkey-was-not-me-done"))))),
      twice("account-remove", "account-really-remove", () => ask(`/api/account/passkeys/${each.id}`, { method: "DELETE" }), "passkey-removed")))),
    passkeyProblem && h("p", { class: "form-problem", role: "alert" }, passkeyProblem),
    offer && supported() ? button([line("key"), say("passkey-add")], "primary", addPasskey)
      : h("p", { class: "door-note" }, offer ? say("passkey-unsupported") : reason, !offer && trust && [" ", h("a", { href: "/trust" }, say("passkey-how-to-trust"))]));
}

// ---------------------------------------------------------------- password and codes

function passwordPart(account) {
  const problem = problemPlace();
  const input = h("input", { type: "password", id: "new-password", autocomplete: "new-password", maxlength: 256, required: true });
  const name = h("input", { type: "text", autocomplete: "username", value: account.name, readonly: true, class: "visually-hidden", tabindex: "-1", "aria-hidden": "true" });
  const go = once(async () => {
    tell(problem);
    try {
      await ask("/api/account/password", { method: "PUT", body: { password: input.value } });
        toast(say("password-changed"));
      await load();
    } catch (error) {
      tell(problem, why(error));
      input.focus();
    }
  });
  fill(byId("password"), h("p", { class: "hint" }, say(account.password ? "account-password-set" : "account-password-none")),
    h("details", { class: "more-about" }, h("summary", {}, say(account.password ? "password-change" : "password-set")),
      h("form", { class: "form", novalidate: true, on: { submit: go } }, name,
        field(say("enrol-new-password"), input, say("enrol-password-hint")), problem,
        h("button", { type: "submit", class: "primary-button" }, say("password-keep")), h("p", { class: "hint" }, say("account-others-end")))));
}

function totpPart(account) {
  const box = h("div", {});
  fill(byId("totp"), h("p", { class: "hint" }, say(account.totp ? "account-totp-set" : account.password ? "account-totp-none" : "account-totp-needs-password")),
    account.password && h("div", { class: "verb-row" },
      button(say(account.totp ? "totp-anew" : "totp-set-up"), "plain", once(async () => {
        try {
          await totpForm(box, async () => {
                    toast(say("totp-done"));
            await load();
          });
        } catch (error) {
          toast(why(error), "problem");
        }
      })),
      account.totp && twice("totp-remove", "account-really-remove", () => ask("/api/account/totp", { method: "DELETE" }), "totp-removed")), box);
}

let fresh = null;

function recoveryPart(account) {
  const left = account.recovery_codes;
  fill(byId("recovery"), h("p", { class: left < 3 ? "form-problem" : "hint" }, say("recovery-left", { n: left })),
    fresh && codesOf(fresh),
    button(say("recovery-new"), "plain", once(async () => {
      try {
        fresh = (await ask("/api/account/recovery-codes", { method: "POST", body: {} })).codes;
        await load();
      } catch (error) {
        toast(why(error), "problem");
      }
    })), h("p", { class: "hint" }, say("recovery-new-hint")));
}

// ---------------------------------------------------------------- after a reset

/** A year: an account that nobody has set up again yet rests "until" then and beyond. */
const LONG = 366 * 86_400_000;

function rest(until, keys) {
  byId("rest-part").hidden = !until;
  if (!until) return;
  const problem = problemPlace();
  const inputs = {
    password: h("input", { type: "password", id: "former-password", autocomplete: "off", maxlength: 256 }),
    totp: h("input", { type: "text", id: "former-code", autocomplete: "off", inputmode: "numeric", maxlength: 8, class: "code-input" }),
    recovery_code: h("input", { type: "text", id: "former-recovery", autocomplete: "off", spellcheck: "false", maxlength: 40, class: "code-input" }),
  };
  const confirm = async (work) => {
    tell(problem);
    try {
      await work();
      toast(say("account-rest-over"));
      await load();
    } catch (error) {
      tell(problem, error instanceof Refused ? error.message : say(`passkey-${meaning(error)}`));
    }
  };
  const byForm = once(() => confirm(() => ask("/api/account/confirm", { method: "POST", body: Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [name, input.value.trim()]).filter(([, value]) => value)) })));
  const byPasskey = once(() => confirm(async () => {
    const options = await ask("/api/account/step-up/passkey/options", { method: "POST", body: {} });
    await ask("/api/account/step-up/passkey", { method: "POST", body: { credential: await show(options) } });
  }));
  const former = keys.some((each) => !each.works);
  fill(byId("rest"), h("p", {}, until - now() < LONG ? say("account-rests-until", { moment: when(until) }) : say("account-rests-open")),
    former && opened.offer && supported() && button([line("key"), say("account-rest-passkey")], "primary", byPasskey),
    h("form", { class: "form", novalidate: true, on: { submit: byForm } },
      field(say("account-former-password"), inputs.password), field(say("account-former-code"), inputs.totp),
      field(say("account-former-recovery"), inputs.recovery_code), problem,
      h("button", { type: "submit", class: "plain-button" }, say("account-rest-confirm"))));
}

// ---------------------------------------------------------------- identities at a hospital

function identities(list) {
  const { providers } = opened;
  byId("identities-part").hidden = providers.length === 0;
  if (providers.length === 0) return;
  const linked = new Set(list.map((each) => each.provider));
  fill(byId("identities"), h("ul", { class: "items" },
    list.map((each) => h("li", { class: "item" },
      h("div", { class: "item-words" }, h("strong", {}, each.title),
        h("span", { class: "hint" }, each.last_used_at ? say("account-used", { ago: ago(now() - each.last_used_at) }) : say("account-since", { moment: when(each.created_at) }))),
      twice("identity-unlink", "account-really-remove", () => ask(`/api/account/identities/${each.id}`, { method: "DELETE" }), "identity-unlinked")))),
    providers.filter((each) => !linked.has(each.name)).map((each) => button(say("identity-link", { provider: each.title }), "plain", once(async () => {
      try {
        location.assign((await ask("/api/account/identities", { method: "POST", body: { provider: each.name } })).url);
      } catch (error) {
        toast(why(error), "problem");
      }
    }))));
}

// ---------------------------------------------------------------- sessions, phones, what happened

function sessions(list) {
  fill(byId("sessions"), h("ul", { class: "items" }, list.map((each) => h("li", { class: "item" },
    h("div", { class: "item-words" }, h("strong", {}, each.browser || say("session-some-browser"), each.current && h("span", { class: "chip" }, say("session-here"))),
      h("span", { class: "hint" }, [each.address, say("account-since", { moment: when(each.created_at) }),
        each.last_used_at && say("account-used", { ago: ago(now() - each.last_used_at) })].filter(Boolean).join(" · "))),
    !each.current && h("div", { class: "verb-row" },
      button(say("session-end"), "plain", act(() => ask(`/api/account/sessions/${each.id}`, { method: "DELETE" }), "session-ended")),
      twice("phone-is-gone", "phone-really-gone", () => phoneIsGone(each.id), ""))))));
}

async function phoneIsGone(id) {
  const answer = await ask("/api/account/phone-is-gone", { method: "POST", body: { phone: id } });
  toast(answer?.last_reading_at ? say("phone-gone-since", { moment: when(answer.last_reading_at) }) : say("phone-gone-done"));
}

function phones(list) {
  byId("phones-part").hidden = list.length === 0;
  fill(byId("phones"), h("ul", { class: "items" }, list.map((each) => h("li", { class: "item" },
    h("div", { class: "item-words" }, h("strong", {}, each.label || say("session-some-browser")), h("span", { class: "hint" }, say("phone-sends"))),
    twice("phone-is-gone", "phone-really-gone", () => phoneIsGone(each.id), "")))));
}

function notices(list) {
  byId("notices-part").hidden = list.length === 0;
  fill(byId("notices"), h("ul", { class: "items" }, list.slice(0, 12).map((each) => h("li", { class: "item", data: { seen: each.new ? "no" : "yes" } },
    h("div", { class: "item-words" }, h("span", {}, say("notice", { kind: each.kind })),
      h("span", { class: "hint" }, [when(each.at), each.address].filter(Boolean).join(" · ")))))));
}

// ---------------------------------------------------------------- all of it

async function load() {
  const [account, keys, known, open] = await Promise.all(
    ["", "/passkeys", "/identities", "/sessions"].map((part) => ask(`/api/account${part}`)));
  byId("who").textContent = say("account-who", { name: account.name, role: account.role });
  rest(account.rests_until, keys);
  passkeys(keys);
  const proofs = { name: account.name, ...account.factors };
  passwordPart(proofs);
  totpPart(proofs);
  recoveryPart(proofs);
  identities(known);
  sessions(open);
  phones(account.phones);
  notices(account.notices);
}

load().catch((error) => {
  if (error instanceof Refused && error.status === 401) location.replace("/sign-in");
  else toast(why(error), "problem");
});
