// What surrounds every page: the data it opened with, its clock, theme, toasts, announcements, the connection.

import { byId, h } from "./elements.js";
import { ago, clock, onLanguage, say } from "./words.js";

/** What the server put into the page. */
export const opened = JSON.parse(byId("page-data").textContent);

let offset = (opened.now ?? Date.now()) - performance.now();
let kind = opened.kind;

/** The house's present, epoch ms: its clock when the page was made, plus what has passed here since. */
export const now = () => Math.floor(offset + performance.now());

/** The house's present and its kind, for a page that was kept on the device and learns both later. */
export function clockIs(time, houseKind) {
  offset = time - performance.now();
  kind = houseKind;
}

/** The clock of a demo or a replay jumps with its readings, and ours follows; a live reading that is ahead of
 * our clock only comes from a device whose clock is wrong. */
export function clockSeen(time) {
  if (kind !== "live" && time > now()) offset = time - performance.now();
}

const TICK_MS = 10_000;
const tickers = new Set();

/** Run `paint` now and again every few seconds: ages grow although nothing arrives. Returns how to end that. */
export function ticking(paint) {
  tickers.add(paint);
  paint();
  return () => tickers.delete(paint);
}
setInterval(() => tickers.forEach((paint) => paint()), TICK_MS);

/** A `<time>` that says how long ago `time` was and keeps saying it right. */
export function age(time) {
  const element = h("time", { class: "age", datetime: new Date(time).toISOString(), data: { age: time } });
  element.textContent = ago(now() - time);
  return element;
}
ticking(() => {
  for (const element of document.querySelectorAll("[data-age]")) {
    const words = ago(now() - Number(element.dataset.age));
    if (element.textContent !== words) element.textContent = words;
  }
});

/** A short message that leaves by itself; `kind` is "done" or "problem". */
export function toast(message, kind = "done") {
  const element = h("p", { class: "toast", data: { kind } }, message);
  byId("toasts").append(element);
  setTimeout(() => element.remove(), kind === "problem" ? 9_000 : 4_000);
}

/** Interrupts a screen reader: only for what must not wait, such as a new critical alert. */
export function announce(message) {
  byId("announcer").textContent = message;
}

// ---------------------------------------------------------------- theme

const root = document.documentElement;
const toggle = byId("theme-toggle");
const systemDark = matchMedia("(prefers-color-scheme: dark)");
// A page that the device kept may be older than what was chosen since.
const chosen = /(?:^|; )theme=(light|dark)/.exec(document.cookie)?.[1];
if (chosen) root.dataset.theme = chosen;
const isDark = () => (root.dataset.theme ?? (systemDark.matches ? "dark" : "light")) === "dark";
const themeListeners = new Set();

/** Run when colours change; canvases do not repaint themselves. */
export function onTheme(listener) {
  themeListeners.add(listener);
}

/** Name the button after what it does, in the language spoken. */
export function themed() {
  toggle.textContent = say(isDark() ? "theme-light" : "theme-dark");
  toggle.setAttribute("aria-label", say(isDark() ? "theme-to-light" : "theme-to-dark"));
  themeListeners.forEach((listener) => listener());
}
toggle.hidden = false;
toggle.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  // biome-ignore lint/suspicious/noDocumentCookie: not every browser has the Cookie Store
  document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
  themed();
});
systemDark.addEventListener("change", themed);
onLanguage(themed);

// ---------------------------------------------------------------- language

const languages = byId("language-choice");
// The phone app chooses its language in its settings.
if (languages) {
  languages.hidden = false;
  languages.querySelector("select").addEventListener("change", (event) => {
    // biome-ignore lint/suspicious/noDocumentCookie: not every browser has the Cookie Store
    document.cookie = `language=${event.target.value}; path=/; max-age=31536000; samesite=lax`;
    location.reload();
  });
}

// ---------------------------------------------------------------- connection

/** Show how the live stream is: "connecting", "live", "lost" or "signed_out". */
export function showLink(state, zone) {
  const chip = byId("link-state");
  if (chip.dataset.state === state) return;
  chip.dataset.state = state;
  byId("link-word").textContent = say(`link-${state}`);
  const banner = byId("offline-banner");
  banner.hidden = state === "live" || state === "connecting";
  if (state === "lost") {
    banner.replaceChildren(say("link-lost-since", { clock: clock(now(), zone) }));
  } else if (state === "signed_out") {
    banner.replaceChildren(`${say("link-gone")} `, h("a", { href: root.dataset.door ?? "/sign-in" }, say("link-sign-in")));
  }
}

/** The viewer's own time zone. */
export const viewerZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
