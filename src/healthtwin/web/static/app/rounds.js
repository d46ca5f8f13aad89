// What happens by itself while the app is open: motion is measured every few minutes, and the person is reminded.
// A browser does neither once it is closed or the screen is off, and the settings say so.

import { byId, fill, h } from "../js/elements.js";
import { say } from "../js/words.js";
import { fact, keepFact } from "./database.js";

const ROUND_MS = 5 * 60_000;
const HOUR_MS = 60 * 60_000;
const LOOK_MS = 60_000;

/** How often somebody may wish to be reminded: the longest time without a measurement, by name. */
export const REMINDERS = { never: null, four_hours: 4 * HOUR_MS, twelve_hours: 12 * HOUR_MS, day: 24 * HOUR_MS };

/** Begin; runs for as long as the page is open. */
export function startRounds(services) {
  setInterval(() => round(services), ROUND_MS);
  setInterval(() => remind(services), LOOK_MS);
  remind(services);
}

async function round(services) {
  if (!services.me || document.hidden || (await fact("auto")) === false) return;
  // Thirty modules that a start need not wait for.
  const { activityRound } = await import("./measure/index.js");
  await activityRound(services);
}

async function remind(services) {
  const after = REMINDERS[(await fact("remind")) ?? "never"];
  if (!services.me || !after) return;
  const measured = (await fact("measured")) ?? (await fact("reminded")) ?? 0;
  if (Date.now() - Math.max(measured, (await fact("reminded")) ?? 0) < after) return;
  await keepFact("reminded", Date.now());
  const note = byId("reminder");
  const close = () => { note.hidden = true; };
  fill(note, h("p", {}, say("remind-words")),
    h("div", { class: "verb-row" }, h("a", { class: "primary-button", href: "/app/check", on: { click: close } }, say("remind-measure")),
      h("button", { type: "button", class: "plain-button", on: { click: close } }, say("remind-later"))));
  note.hidden = false;
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  // No reading and no name: a locked screen is read by others.
  const registration = await navigator.serviceWorker?.getRegistration("/app");
  await registration?.showNotification(say("remind-title"), { body: say("remind-words"), tag: "remind", data: { path: "/app/check" } });
}
