// Signing in: a passkey, from the button or from the name's own suggestions; else name and password, then a code.

import { Refused, ask, owed } from "./ask.js";
import { byId, fill, h } from "./elements.js";
import { button, field, once, tell } from "./forms.js";
import { empty } from "./leave.js";
import { forget, meaning, show, supported } from "./passkey.js";
import { whyNot } from "./proofs.js";
import { say } from "./words.js";

const page = JSON.parse(byId("page-data").textContent);
const form = byId("by-password");
const problem = byId("problem");
const name = byId("name");
const password = byId("password");

/** A challenge is good for five minutes; the one that waits behind the name field is renewed before that. */
const RENEWED_MS = 4 * 60_000;

/** The request that waits behind the name field; a browser has one at a time. */
let waiting = null;

const optionsFor = () => ask("/api/sign-in/passkey/options", { method: "POST", body: {} });

function enter() {
  waiting?.abort();
  location.replace(page.to);
}

// ---------------------------------------------------------------- passkeys

/** Show the house a passkey. One whose challenge was too old by then (the page stood open) is asked for once more. */
async function signIn(credential, { again = true } = {}) {
  try {
    await ask("/api/sign-in/passkey", { method: "POST", body: { credential } });
    return enter();
  } catch (error) {
    if (error.status === 409 && again) {
      const options = await optionsFor();
      return signIn(await show({ ...options, allowCredentials: [{ type: "public-key", id: credential.id }] }), { again: false });
    }
    if (error.status === 401) forget(page.rp_id, credential.id);
    throw error;
  }
}

/** By status, as the end of a message's name: it opens nothing, or its counter went back. */
const REFUSALS = { 401: "opens-nothing", 403: "copied" };

function tellPasskey(error) {
  const how = error instanceof Refused ? REFUSALS[error.status] : meaning(error);
  if (how === "certificate") return distrust();
  return tell(problem, how ? say(`passkey-${how}`) : whyNot(error));
}

function distrust() {
  byId("with-passkey").hidden = true;
  const why = byId("no-passkey");
  why.hidden = false;
  fill(why, say("passkey-certificate"), page.trust && [" ", h("a", { href: "/trust" }, say("passkey-how-to-trust"))]);
}

const byPasskey = once(async () => {
  tell(problem);
  waiting?.abort();
  try {
    await signIn(await show(await optionsFor()));
  } catch (error) {
    tellPasskey(error);
    // A passkey that the house refused is not offered again by itself; a dialogue that was closed is.
    if (!(error instanceof Refused)) suggest();
  }
});

/** Let the browser suggest passkeys where the name is typed, for as long as the page is open. */
async function suggest() {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  for (;;) {
    const mine = new AbortController();
    waiting = mine;
    let renewed = false;
    const timer = setTimeout(() => { renewed = true; mine.abort(); }, RENEWED_MS);
    try {
      const credential = await show(await optionsFor(), { mediation: "conditional", signal: mine.signal });
      tell(problem);
      await signIn(credential);
      return;
    } catch (error) {
      if (error instanceof TypeError || error.status === 429) return; // nobody answers; the button still asks
      if (mine.signal.aborted && !renewed) return;
      if (renewed) continue;
      // Whoever closed the suggestions, or has none, types a name: nothing went wrong.
      if (error instanceof Refused || meaning(error) !== "stopped") tellPasskey(error);
      return;
    } finally {
      clearTimeout(timer);
    }
  }
}

if (page.offer && supported()) {
  byId("with-passkey").hidden = false;
  byId("passkey").addEventListener("click", byPasskey);
  suggest();
} else if (page.offer) {
  const why = byId("no-passkey");
  why.hidden = false;
  why.textContent = say("passkey-unsupported");
}

// ---------------------------------------------------------------- name and password, then a code

let needs = "";
const second = byId("second");

function askCode(kind) {
  needs = kind;
  const input = kind === "totp"
    ? h("input", { type: "text", id: "code", autocomplete: "one-time-code", inputmode: "numeric", maxlength: 8, class: "code-input", required: true })
    : h("input", { type: "text", id: "code", autocomplete: "off", spellcheck: "false", autocapitalize: "none", maxlength: 40, class: "code-input", required: true });
  byId("first").hidden = true;
  fill(second, field(say(kind === "totp" ? "sign-in-code" : "sign-in-recovery-code"), input, say(kind === "totp" ? "sign-in-code-hint" : "sign-in-recovery-hint")),
    h("div", { class: "verb-row" },
      button(say(kind === "totp" ? "sign-in-use-recovery" : "sign-in-use-code"), "quiet", () => askCode(kind === "totp" ? "recovery_code" : "totp")),
      button(say("sign-in-other-name"), "quiet", startOver)));
  tell(problem);
  input.focus();
}

function startOver() {
  needs = "";
  fill(second);
  byId("first").hidden = false;
  password.value = "";
  tell(problem);
  name.focus();
}

form.addEventListener("submit", once(async () => {
  tell(problem);
  const body = { name: name.value.trim(), password: password.value };
  if (!body.name || !body.password) {
    tell(problem, say("sign-in-both"));
    (body.name ? password : name).focus();
    return;
  }
  if (needs) body[needs] = byId("code").value.trim();
  try {
    await ask("/api/sign-in", { method: "POST", body });
    enter();
  } catch (error) {
    if (error.status === 401 && error.problem?.needs === "totp" && !needs) {
      askCode("totp");
      return;
    }
    tell(problem, whyNot(error));
    (needs ? byId("code") : password).focus();
  }
}));
form.hidden = false;

// Whoever signed out while nobody answered is signed out now.
if (owed()) ask("/sign-out", { method: "POST" }).then(empty, () => {});
