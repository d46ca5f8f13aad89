// What several pages set up: codes of an app, and recovery codes that are shown once.

import { Refused, ask } from "./ask.js";
import { fill, h } from "./elements.js";
import { button, copy, field, once, problemPlace, tell } from "./forms.js";
import { say } from "./words.js";

/** Why a proof was not taken, in the reader's language; whatever is wrong sounds the same. */
export function whyNot(error) {
  if (!(error instanceof Refused)) return say("sign-in-nobody-answers");
  const clock = error.problem?.clock_ms;
  if (clock) return say("sign-in-clock", { minutes: Math.max(1, Math.round(Math.abs(clock) / 60_000)), way: clock > 0 ? "ahead" : "behind" });
  if (error.status === 401) return say("sign-in-wrong");
  return error.status === 429 ? say("sign-in-too-often") : error.message;
}

/** Ask the house for a key, show it as QR and text, take the first code; then `done`. */
export async function totpForm(box, done) {
  const problem = problemPlace();
  const made = await ask("/api/account/totp", { method: "POST", body: {} });
  const code = h("input", { type: "text", id: "totp-code", autocomplete: "one-time-code", inputmode: "numeric", maxlength: 8, required: true, class: "code-input" });
  const go = once(async () => {
    tell(problem);
    try {
      await ask("/api/account/totp", { method: "PUT", body: { code: code.value.trim() } });
      await done();
    } catch (error) {
      tell(problem, error.status === 422 ? say("totp-not-the-code") : whyNot(error));
      code.focus();
    }
  });
  fill(box, h("img", { class: "qr", src: made.qr, alt: say("totp-qr"), width: 240, height: 240 }),
    h("details", { class: "more-about" }, h("summary", {}, say("totp-by-hand")),
      h("p", { class: "secret", translate: "no" }, made.secret.replace(/(.{4})(?=.)/g, "$1 ")),
      h("p", {}, h("a", { href: made.uri }, say("totp-open-app")))),
    h("form", { class: "form", novalidate: true, on: { submit: go } },
      field(say("totp-first-code"), code, say("sign-in-code-hint")), problem,
      h("button", { type: "submit", class: "primary-button wide" }, say("totp-go"))));
}

/** Recovery codes, to be printed or copied: they are shown now and never again. */
export function codesOf(codes) {
  const said = h("span", { role: "status", class: "hint" });
  return h("div", { class: "codes-box" }, h("p", {}, say("recovery-why", { n: codes.length })),
    h("ul", { class: "codes", translate: "no" }, codes.map((code) => h("li", {}, h("code", {}, code)))),
    h("div", { class: "verb-row no-print" },
      button(say("recovery-print"), "plain", () => print()),
      button(say("recovery-copy"), "plain", async () => {
        try {
          await copy(codes.join("\n"));
          said.textContent = say("recovery-copied");
        } catch {
          said.textContent = say("recovery-not-copied");
        }
      }), said));
}
