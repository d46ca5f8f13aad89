// Setting up a way in: a passkey, or a password with codes; then the codes for the day on which the phone is gone.

import { Refused, ask } from "./ask.js";
import { byId, fill, h } from "./elements.js";
import { button, field, line, once, problemPlace, tell } from "./forms.js";
import { leave } from "./leave.js";
import { device, distrusted, make, meaning, supported } from "./passkey.js";
import { codesOf, totpForm } from "./proofs.js";
import { say } from "./words.js";

const page = JSON.parse(byId("page-data").textContent);
const place = byId("enrol");
const secret = page.secret;

function step(...children) {
  byId("not-you").hidden = true;
  fill(place, ...children);
  const heading = place.querySelector("h2");
  if (heading) {
    heading.tabIndex = -1;
    heading.focus();
  }
}

const why = (error) => (error instanceof Refused ? error.message : say("sign-in-nobody-answers"));

// ---------------------------------------------------------------- first: passkey or password

function choose() {
  const problem = problemPlace();
  const offered = page.offer && supported();
  const byPasskey = once(async () => {
    tell(problem);
    try {
      const options = await ask("/api/enrol/passkey/options", { method: "POST", body: { secret } });
      await ask("/api/enrol/passkey", { method: "POST", body: { secret, credential: await make(options), label: say("passkey-label", { device: device() || "none" }) } });
      await codes();
    } catch (error) {
      tell(problem, error instanceof Refused ? error.message : say(`passkey-${meaning(error)}`));
    }
  });
  const reason = offered ? null : page.offer ? say("passkey-unsupported") : page.why_not;
  const block = h("div", { class: "choice" }, h("h2", {}, say("enrol-passkey")), h("p", {}, say("enrol-passkey-why")),
    button([line("key"), say("enrol-passkey-go")], "primary", byPasskey, { class: "primary-button wide" }), problem);
  fill(place, offered ? block : h("p", { class: "door-note" }, reason, page.trust && [" ", h("a", { href: "/trust" }, say("passkey-how-to-trust"))]),
    offered && h("p", { class: "or" }, h("span", {}, say("sign-in-or"))), passwordForm(offered));
  if (offered) notice(block);
}

/** A certificate that the device does not trust is found before anybody presses anything. */
async function notice(block) {
  try {
    const options = await ask("/api/sign-in/passkey/options", { method: "POST", body: {} });
    if (await distrusted(options)) {
      fill(block, h("p", { class: "door-note" }, say("passkey-certificate"), page.trust && [" ", h("a", { href: "/trust" }, say("passkey-how-to-trust"))]));
    }
  } catch {
    // The button asks again.
  }
}

function passwordForm(offered) {
  const problem = problemPlace();
  const name = h("input", { type: "text", autocomplete: "username", value: page.name, readonly: true, class: "visually-hidden", tabindex: "-1", "aria-hidden": "true" });
  const password = h("input", { type: "password", id: "new-password", autocomplete: "new-password", required: true, maxlength: 256 });
  const go = once(async () => {
    tell(problem);
    try {
      await ask("/api/enrol", { method: "POST", body: { secret, password: password.value } });
      second();
    } catch (error) {
      tell(problem, why(error));
      password.focus();
    }
  });
  return h("div", { class: "choice" }, h("h2", {}, say("enrol-password")), h("p", {}, say("enrol-password-why")),
    h("form", { class: "form", novalidate: true, on: { submit: go } }, name,
      field(say("enrol-new-password"), password, say("enrol-password-hint")), problem,
      h("button", { type: "submit", class: offered ? "plain-button wide" : "primary-button wide" }, say("enrol-password-go"))));
}

// ---------------------------------------------------------------- second: codes from an app

function second() {
  const box = h("div", {});
  step(h("h2", {}, say("totp-title")), h("p", {}, say("totp-why")), box);
  totpForm(box, codes);
}

// ---------------------------------------------------------------- last: recovery codes, once

async function codes() {
  const made = await ask("/api/account/recovery-codes", { method: "POST", body: {} });
  const go = h("button", { type: "button", class: "primary-button wide", disabled: true, on: { click: () => location.replace("/") } }, say("enrol-done"));
  const kept = h("input", { type: "checkbox", id: "codes-kept", on: { change: (event) => { go.disabled = !event.target.checked; } } });
  step(h("h2", {}, say("recovery-title")), codesOf(made.codes),
    h("label", { class: "check-row", for: "codes-kept" }, kept, h("span", {}, say("recovery-kept"))), go);
}

// ---------------------------------------------------------------- somebody else is signed in here

if (page.signed_in) {
  const problem = problemPlace();
  fill(place, h("p", { class: "banner" }, say("enrol-somebody-else", { you: page.signed_in, them: page.name })),
    button(say("enrol-leave-first", { you: page.signed_in }), "primary", once(async () => {
      try {
        await leave(location.pathname);
      } catch (error) {
        tell(problem, why(error));
      }
    })), problem, h("p", { class: "hint" }, say("enrol-not-for-you")));
} else {
  choose();
}
