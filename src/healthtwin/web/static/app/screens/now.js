// "Now": how things stand against the person's own usual. What is old or missing is unknown, never fine.

import { fill, gauge, h, levelChip, statusChip } from "../../js/elements.js";
import { age, now, ticking } from "../../js/frame.js";
import { alertCard, byUrgency, keepAlert, keepAlerts } from "../../js/alert_card.js";
import { personPath } from "../../js/server.js";
import { METRICS, PHASE_ENDS, digits, hasWords, learning, metricWord, say, saying, sentence, span, staleAfter, standingOf, unitWord, wouldFall } from "../../js/words.js";
import { heard } from "../kept.js";
import { judged, levelsOf, limitCard } from "../limits.js";
import { onQueue, submit, unsentVerbs, unsentVitals } from "../queue.js";
import { callNote, isStale, keptNote, line } from "../parts.js";

/** Readings come in bursts; the twin is asked once they have settled. */
const SETTLE_MS = 1_500;

/** First what somebody would ask about first; then as the house lists them. */
const ORDER = ["heart_rate", "oxygen_saturation", "respiratory_rate", "body_temperature", "hrv_rmssd", "blood_pressure_systolic", "blood_pressure_diastolic"];
const place = (metric) => (ORDER.indexOf(metric.metric) + ORDER.length + 1) % (ORDER.length + 1);

const labelOf = (metric) => metricWord(metric.metric, "short");

/** Mount the screen. */
export async function mount(container, services) {
  const { person: id } = services.me;
  const parts = ["beyond", "standing", "alerts", "tiles", "actions", "checks", "call"];
  const slots = Object.fromEntries(parts.map((name) => [name, h("section", { class: `now-${name}` })]));
  const alerts = new Map();
  const cards = new Map();
  let person = null;
  let twin = { metrics: [] };
  let risk = null;
  let answers = [];
  /** What was typed in here and the house does not know yet. */
  let unsent = {};
  let found = [];
  let levels = {};

  const heardSince = new Set();

  async function load() {
    heardSince.clear();
    answers = await Promise.all([
      heard(personPath(id)), heard(personPath(id, "twin")), heard(personPath(id, "risk")),
      heard(`/api/alerts?person=${encodeURIComponent(id)}`),
    ]);
    let all;
    [person, twin, risk, all] = answers.map((answer) => answer.value);
    await withUnsent();
    const verbs = await unsentVerbs();
    all = all.map((alert) => (alert.id in verbs ? { ...alert, unsent: verbs[alert.id] } : alert));
    keepAlerts(alerts, all, heardSince);
    paint();
  }

  /** Take in what waits on this phone: it is newer than what the house knows, and means what it means at once. */
  async function withUnsent() {
    unsent = await unsentVitals();
    const known = new Map(twin.metrics.map((metric) => [metric.metric, metric]));
    for (const [metric, { value, at }] of Object.entries(unsent)) {
      if (at < (known.get(metric)?.at ?? 0)) delete unsent[metric];
      else known.set(metric, { ready: false, low: null, high: null, hours: [], ...known.get(metric), metric, value, at, unit: METRICS[metric].unit, side: null });
    }
    const fresh = Object.entries(unsent).filter(([metric, { at }]) => !isStale(at, staleAfter(metric)));
    found = await judged(Object.fromEntries(fresh.map(([metric, { value }]) => [metric, value])));
    levels = await levelsOf(Object.fromEntries([...known.values()].map(({ metric, value }) => [metric, value])));
    twin = { ...twin, metrics: [...known.values()] };
  }

  function showBeyond() {
    const at = Math.max(0, ...found.map(({ metric }) => unsent[metric].at));
    fill(slots.beyond, found.length > 0 && limitCard(found, { number: services.number, at, kept: true }));
    slots.beyond.hidden = found.length === 0;
  }

  /** The level of a value by absolute limits: the house's word, which knows of effort, else this phone's. */
  const levelOf = (metric) => (metric.metric in unsent || metric.level === undefined ? levels[metric.metric] : metric.level) ?? null;

  const status = () => (isStale(person.last_reading_at) && !["critical", "warning", "info"].includes(person.status) ? "unknown" : person.status);

  function standing() {
    const is = status();
    const last = person.last_reading_at && h("span", { class: "hint" }, say("now-last-reading"), " ", age(person.last_reading_at));
    const learned = h("p", { class: "hint" }, learning(person.phase, person.days));
    // An open alert has said it already, larger.
    if (["critical", "warning", "info"].includes(is)) return h("div", { class: "standing-line" }, last, learned);
    const words = is !== "unknown" ? say(`now-${is}`)
      : person.last_reading_at ? say("now-unknown", { span: span(now() - person.last_reading_at) }) : say("now-no-reading");
    return h("div", { class: "standing-card", data: { level: is } },
      h("div", { class: "standing-head" }, statusChip(is), last),
      h("p", { class: "standing-words" }, words),
      is !== "unknown" && learned,
      person.phase === "silent" && person.days > 0 && h("progress", { class: "learning", max: PHASE_ENDS.silent, value: person.days, "aria-label": learning(person.phase, person.days) }));
  }

  function tile(metric) {
    const stale = isStale(metric.at, staleAfter(metric.metric));
    const { side, words, usual } = standingOf(metric, { stale, now: now() });
    const level = stale ? null : levelOf(metric);
    return h("li", { class: "tile", data: { side: side ?? "", stale, metric: metric.metric, level: level ?? "" } },
      h("span", { class: "tile-label" }, labelOf(metric)),
      h("span", { class: "tile-value" }, side && h("span", { class: "tile-arrow", "aria-hidden": "true" }, side === "above" ? "▲" : "▼"),
        h("b", {}, digits(metric.metric, metric.value)), h("span", { class: "tile-unit" }, unitWord(metric.unit))),
      level && levelChip(level),
      gauge(metric),
      metric.metric in unsent && h("span", { class: "tile-stale" }, say("now-unsent")),
      stale && h("span", { class: "tile-stale" }, say("now-stale")),
      words && h("span", { class: "tile-words" }, words),
      h("span", { class: "tile-usual" }, usual), h("span", { class: "tile-usual" }, age(metric.at)));
  }

  function showAlerts() {
    const open = [...alerts.values()].filter((alert) => alert.state !== "resolved").sort(byUrgency);
    for (const alert of open) {
      if (cards.has(alert.id)) cards.get(alert.id).show(alert);
      else cards.set(alert.id, alertCard(alert, { zone: person.timezone, mayAct: true, brief: true, glance: true, numbers: [services.number], place: "/app/alerts", onChange: taken, later: submit }));
    }
    slots.alerts.setAttribute("aria-label", say("alerts-open"));
    slots.alerts.hidden = open.length === 0;
    const elements = open.map((alert) => cards.get(alert.id).element);
    if (elements.length !== slots.alerts.children.length || elements.some((each, at) => each !== slots.alerts.children[at])) slots.alerts.replaceChildren(...elements);
  }

  function taken(alert) {
    keepAlert(alerts, alert);
    again();
    showAlerts();
  }

  /** A forecast's reasons name their value; those of the own baseline begin with the number. */
  function reason(driver) {
    const words = saying(driver.said, driver.text);
    return /^\p{L}/u.test(words) ? words : `${labelOf(driver)}: ${words}`;
  }

  function checks() {
    // A forecast without reasons has nothing that somebody could look at; the portal shows every one.
    const items = risk.risks.filter((item) => item.drivers.length > 0 || (item.text && item.probability === null));
    if (isStale(risk.at) || items.length === 0) return null;
    return [h("h2", {}, say("now-checks")), h("ul", { class: "says-list" }, items.map((item) => h("li", {},
      h("b", {}, hasWords(`condition-${item.condition}`) ? say(`condition-${item.condition}`) : item.condition.replaceAll("_", " ")),
      // A chance is said together with where it was measured, never as a bare percentage. Elsewhere the text
      // is what the drivers say one by one.
      (item.probability !== null || item.drivers.length === 0) && h("p", {}, sentence(saying(item.said, item.text))),
      item.drivers.length > 0 && h("ul", {}, item.drivers.map((driver) => h("li", {}, reason(driver)))),
      wouldFall(item) && h("p", { class: "hint" }, wouldFall(item)))))];
  }

  function showTiles() {
    const measured = twin.metrics.filter((metric) => metric.value !== null).sort((a, b) => place(a) - place(b));
    fill(slots.tiles, h("h2", {}, say("now-against-usual")), measured.length > 0
      ? h("ul", { class: "tiles" }, measured.map(tile))
      : h("p", { class: "hint" }, say("now-nothing-measured")));
  }

  function paint() {
    services.standsNow(person);
    showAlerts();
    showBeyond();
    fill(slots.standing, keptNote(...answers), standing());
    showTiles();
    fill(slots.checks, checks());
    slots.checks.hidden = slots.checks.children.length === 0;
    fill(slots.call, callNote(services.number), h("p", { class: "hint" }, say("frame-not-a-device")));
  }

  let settle = 0;
  function again() {
    clearTimeout(settle);
    settle = setTimeout(() => load().catch(() => {}), SETTLE_MS);
  }

  fill(container, h("h1", {}, say("now-title", { name: services.me.name })), slots.beyond, slots.alerts, slots.standing, slots.actions, slots.tiles, slots.checks, slots.call);
  fill(slots.actions,
    h("a", { class: "action", href: "/app/check" }, line("check"), h("span", {}, say("now-to-check"))),
    h("a", { class: "action", href: "/app/ill" }, line("ill"), h("span", {}, say("now-to-ill"))));
  // Before the first load: what the house tells while it is on its way would be lost otherwise.
  const ends = [
    services.on("reading", again), services.on("person", again), services.on("refresh", again),
    services.on("alert", (alert) => { heardSince.add(alert.id); keepAlert(alerts, alert); if (person) showAlerts(); again(); }),
    ticking(() => person && paint()),
    onQueue(async () => {
      await withUnsent();
      if (person) return paint();
      showBeyond();
      showTiles();
    }),
  ];
  try {
    await load();
  } catch (error) {
    if (error.status === 401) {
      ends.forEach((end) => end?.());
      throw error;
    }
    await withUnsent();
    showBeyond();
    if (twin.metrics.length > 0) showTiles();
    fill(slots.standing, h("div", { class: "standing-card", data: { level: "unknown" } }, statusChip("unknown"), h("p", { class: "standing-words" }, say("now-never-heard"))));
    fill(slots.call, callNote(services.number));
  }
  return {
    unmount() {
      clearTimeout(settle);
      ends.forEach((end) => end?.());
    },
  };
}
