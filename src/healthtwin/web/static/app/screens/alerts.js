// "Alerts": what is open and what is over; one alert with everything behind it.

import { fill, h } from "../../js/elements.js";
import { alertCard, byUrgency, keepAlert, keepAlerts, pastAlert } from "../../js/alert_card.js";
import { personPath } from "../../js/server.js";
import { say } from "../../js/words.js";
import { heard } from "../kept.js";
import { submit, unsentVerbs } from "../queue.js";
import { callNote, keptNote, line } from "../parts.js";

const PAST_SHOWN = 30;

/** Mount the list, or the alert named by `rest`. */
export function mount(container, services, [alertId]) {
  return alertId ? mountOne(container, services, alertId) : mountList(container, services);
}

const cardFor = (alert, zone, services, more) => alertCard(alert, {
  zone, mayAct: true, narrow: true, numbers: [services.number], place: "/app/alerts", later: submit, ...more,
});

async function mountList(container, services) {
  const { person: id } = services.me;
  const alerts = new Map();
  const cards = new Map();
  const closedHere = new Set();
  const slots = { note: h("div"), open: h("section", { class: "alert-list" }), past: h("section") };
  let answer = null;
  let zone;

  const heardSince = new Set();

  async function load() {
    let person;
    heardSince.clear();
    [answer, person] = await Promise.all([heard(`/api/alerts?person=${encodeURIComponent(id)}`), heard(personPath(id))]);
    keepAlerts(alerts, await marked(answer.value), heardSince);
    zone = person.value.timezone;
    services.standsNow(person.value);
    paint();
  }

  function paint() {
    const all = [...alerts.values()];
    // What was just closed here stays where it is, so that its last word can be read.
    const stays = (alert) => alert.state !== "resolved" || closedHere.has(alert.id);
    const open = all.filter(stays).sort(byUrgency);
    for (const alert of open) {
      if (cards.has(alert.id)) cards.get(alert.id).show(alert);
      else cards.set(alert.id, cardFor(alert, zone, services, { brief: true, onChange: changed }));
    }
    fill(slots.note, keptNote(answer));
    const elements = open.map((alert) => cards.get(alert.id).element);
    if (elements.length === 0) fill(slots.open, h("h2", {}, say("alerts-open")), h("p", {}, say("alerts-none-open")));
    else if (elements.some((each, at) => each !== slots.open.children[at + 1])) fill(slots.open, h("h2", {}, say("alerts-open")), elements);
    const past = all.filter((alert) => !stays(alert)).sort((a, b) => b.started_at - a.started_at);
    fill(slots.past, past.length > 0 && [h("h2", {}, say("alerts-past")),
      h("ul", { class: "past-list" }, past.slice(0, PAST_SHOWN).map((alert) => pastAlert(alert, zone, "/app/alerts")))]);
  }

  function changed(alert) {
    if (alert.state === "resolved") closedHere.add(alert.id);
    load().catch(() => {});
  }

  fill(container, h("h1", {}, say("alerts-title")), slots.note, slots.open, slots.past, callNote(services.number),
    h("p", { class: "hint" }, say("alerts-in-app-only")));
  const quietly = () => load().catch(() => {});
  const told = (alert) => {
    heardSince.add(alert.id);
    keepAlert(alerts, alert);
    if (answer) paint();
    quietly();
  };
  // Before the first load: what the house tells while it is on its way would be lost otherwise.
  const unmount = ended(services.on("alert", told), services.on("refresh", quietly), services.on("person", quietly));
  await load().catch((error) => { unmount(); throw error; });
  return { unmount };
}

/** Alerts with what was done with them here and is not sent yet. */
async function marked(alerts) {
  const verbs = await unsentVerbs();
  return alerts.map((alert) => (alert.id in verbs ? { ...alert, unsent: verbs[alert.id] } : alert));
}

/** One end for several beginnings. */
const ended = (...ends) => () => ends.forEach((end) => end());

async function mountOne(container, services, alertId) {
  const path = `/api/alerts/${encodeURIComponent(alertId)}`;
  let newest = null;
  let show = () => {};
  const again = async () => show((await heard(path)).value);
  const quietly = () => again().catch(() => {});
  const unmount = ended(
    services.on("alert", (alert) => {
      if (alert.id === alertId) {
        newest = alert;
        show(alert);
      } else quietly(); // it may be ours under a new name
    }),
    services.on("refresh", quietly));
  const [answer, person] = await Promise.all([heard(path), heard(personPath(services.me.person))])
    .catch((error) => { unmount(); throw error; });
  services.standsNow(person.value);
  const card = cardFor((await marked([answer.value]))[0], person.value.timezone, services, {});
  fill(container, h("p", { class: "back" }, h("a", { href: "/app/alerts" }, line("back"), say("alerts-title"))),
    h("h1", { class: "visually-hidden" }, say("alerts-one")), keptNote(answer), card.element, callNote(services.number));
  show = card.show;
  if (newest) show(newest);
  return { unmount };
}
