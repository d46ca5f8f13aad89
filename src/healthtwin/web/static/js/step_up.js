// "Is it you?": a dialogue that asks for a proof anew, for what is handed on, taken away or set up.

import { Refused, ask } from "./ask.js";
import { fill, h } from "./elements.js";
import { button, field, line, once, problemPlace, tell } from "./forms.js";
import { meaning, show, supported } from "./passkey.js";
import { say } from "./words.js";

let asking = null;

/** Whether somebody proved that it is them; one dialogue at a time, for all who ask meanwhile. */
export function confirmed() {
  asking ??= dialogue().finally(() => { asking = null; });
  return asking;
}

/** The proofs that can be given. A paired phone asks for those of its person's account, which it does not show. */
async function proofs() {
  try {
    return (await ask("/api/account")).factors;
  } catch (error) {
    if (error.status === 404) return { password: true, totp: true, passkeys: 1, unsure: true };
    throw error;
  }
}

async function dialogue() {
  const account = await proofs();
  const dialog = h("dialog", { class: "dialogue", "aria-labelledby": "step-up-title" });
  const problem = problemPlace();
  const before = document.activeElement;
  let proved = false;

  async function prove(path, body) {
    await ask(path, { method: "POST", body });
    proved = true;
    dialog.close();
  }
  const byPasskey = once(async () => {
    tell(problem);
    try {
      await prove("/api/account/step-up/passkey", { credential: await show(await ask("/api/account/step-up/passkey/options", { method: "POST", body: {} })) });
    } catch (error) {
      tell(problem, error instanceof Refused ? error.message : say(`passkey-${meaning(error)}`));
    }
  });
  const password = h("input", { type: "password", id: "step-up-password", autocomplete: "current-password", required: true });
  const code = h("input", { type: "text", id: "step-up-code", autocomplete: "one-time-code", inputmode: "numeric", maxlength: 8, class: "code-input" });
  const byPassword = once(async () => {
    tell(problem);
    try {
      await prove("/api/account/step-up", { password: password.value, ...(account.totp && code.value.trim() ? { totp: code.value.trim() } : {}) });
    } catch (error) {
      tell(problem, error instanceof Refused && error.status === 401 ? say("step-up-wrong") : error.message);
      password.focus();
    }
  });
  const withPasskey = account.passkeys > 0 && supported();
  fill(dialog,
    h("h2", { id: "step-up-title" }, say("step-up-title")), h("p", {}, say("step-up-why")),
    withPasskey && button([line("key"), say("step-up-passkey")], "primary", byPasskey, { class: "primary-button wide" }),
    withPasskey && account.password && h("p", { class: "or" }, h("span", {}, say("sign-in-or"))),
    account.password && h("form", { class: "form", novalidate: true, on: { submit: byPassword } },
      field(say("sign-in-password"), password), account.totp && field(say("sign-in-code"), code),
      h("button", { type: "submit", class: withPasskey ? "plain-button wide" : "primary-button wide" }, say("step-up-go"))),
    problem, button(say("step-up-not-now"), "quiet", () => dialog.close()));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => {
    dialog.remove();
    before?.focus?.();
    resolve(proved);
  }));
}
