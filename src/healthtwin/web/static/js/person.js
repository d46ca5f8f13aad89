// One person, live: what is open, each vital against their own usual, the chart, what the checks say.

import { byId, fill, gauge, h, statusChip, table } from "./elements.js";
import { age, announce, clockSeen, now, opened, ticking, toast, viewerZone } from "./frame.js";
import { alertCard, alertsOff, byUrgency, keepAlert, pastAlert } from "./alert_card.js";
import { bandAt, chartIn, reachOf } from "./chart.js";
import { showFindings } from "./findings.js";
import { ask, follow, personPath } from "./server.js";
import { DAY, HOUR, MINUTE, PHASE_ENDS, digits, learning, moment, plain, sentence, span, standingOf, unitWord } from "./words.js";

/** Time shown, and the step that keeps a chart at some hundred points. */
const RANGES = [
  { label: "6 h", spoken: "6 hours", length: 6 * HOUR, step: null },
  { label: "24 h", spoken: "24 hours", length: DAY, step: null },
  { label: "7 d", spoken: "7 days", length: 7 * DAY, step: 30 * MINUTE },
  { label: "30 d", spoken: "30 days", length: 30 * DAY, step: 2 * HOUR },
];
/** Readings come in bursts; the twin's words are asked for once they have settled. */
const SETTLE_MS = 1_500;
/** A number is painted with the next frame; the chart, which costs ten times as much, a little later. */
const DRAWS_AFTER_MS = 150;
/** Readings go stale by time alone, without an event; so the standing is asked for now and then. */
const ASK_AGAIN_MS = MINUTE;
/** As long as a score may carry a value forward; an older one is shown as old. */
const VALUE_KEPT_MS = 4 * HOUR;
const PAST_SHOWN = 10;

let { person, risk } = opened;
const zone = person.timezone;
let twin = new Map(opened.twin.metrics.map((metric) => [metric.metric, metric]));
const alerts = new Map(opened.alerts.map((alert) => [alert.id, alert]));
const cards = new Map();
const tiles = new Map();
let selected = opened.chart?.metric ?? null;
let range = RANGES[1];
let series = opened.chart?.series ?? { t: [], v: [] };
let settle = 0;
let drawing = null;
let asked = 0;
const chart = chartIn(byId("chart"), byId("readout"));

// ---------------------------------------------------------------- head

function showStanding() {
  const years = person.birth_year && `born ${person.birth_year}`;
  fill(byId("standing"),
    h("p", { class: "standing" }, statusChip(person.status),
      person.last_reading_at && h("span", {}, "Last reading ", age(person.last_reading_at)),
      years && h("span", {}, years), h("span", {}, learning(person.phase, person.days))),
    person.phase === "silent" && h("progress", { class: "learning", max: PHASE_ENDS.silent, value: person.days, "aria-label": `Learning, day ${person.days} of 30` }),
    person.status === "unknown" && h("p", { class: "unknown-note" }, person.last_reading_at
      ? `No reading for ${span(now() - person.last_reading_at)}. How ${person.name} is now is unknown.`
      : `No reading yet. How ${person.name} is now is unknown. Connect a device with “healthtwin token create”.`));
  fill(byId("alerts-off"), alertsOff(person.alerts_off_until, zone));
  byId("zone-note").textContent = zone === viewerZone ? "" : `Times are ${person.name}’s own: ${zone.replaceAll("_", " ")}`;
}

function showAlerts() {
  const open = [...alerts.values()].filter((alert) => alert.state !== "resolved" || cards.has(alert.id)).sort(byUrgency);
  for (const [id, card] of cards) {
    if (!alerts.has(id)) {
      card.element.remove();
      cards.delete(id);
    }
  }
  for (const alert of open) {
    if (cards.has(alert.id)) cards.get(alert.id).show(alert);
    else cards.set(alert.id, alertCard(alert, { zone, mayAct: opened.may_act, brief: true, onChange: take }));
  }
  const elements = open.map((alert) => cards.get(alert.id).element);
  const place = byId("open-alerts");
  if (elements.length !== place.children.length || elements.some((element, at) => element !== place.children[at])) place.replaceChildren(...elements);
  const past = [...alerts.values()].filter((alert) => alert.state === "resolved" && !cards.has(alert.id))
    .sort((a, b) => b.started_at - a.started_at).slice(0, PAST_SHOWN);
  fill(byId("history"), past.length > 0
    && [h("h2", {}, "Earlier alerts"), h("ul", { class: "past-list" }, past.map((alert) => pastAlert(alert, zone)))]);
}

function take(alert) {
  const known = alerts.get(alert.id);
  keepAlert(alerts, alert);
  if (alert.level === "critical" && alert.state === "triggered" && known?.level !== "critical") announce(`Critical: ${alert.summary}`);
  showAlerts();
  showChart();
}

// ---------------------------------------------------------------- tiles

const isStale = (metric) => person.status === "unknown" || now() - metric.at > VALUE_KEPT_MS;

function paintTile(metric) {
  if (!tiles.has(metric.metric)) {
    tiles.set(metric.metric, h("button", { type: "button", class: "tile", on: { click: () => choose(metric.metric) } }));
  }
  const tile = tiles.get(metric.metric);
  const { side, words, usual } = standingOf(metric, { stale: isStale(metric), now: now() });
  tile.dataset.side = side ?? "";
  tile.dataset.metric = metric.metric;
  tile.dataset.stale = isStale(metric);
  tile.setAttribute("aria-pressed", String(metric.metric === selected));
  fill(tile,
    h("span", { class: "tile-label" }, metric.label),
    h("span", { class: "tile-value" }, side && h("span", { class: "tile-arrow", "aria-hidden": "true" }, side === "above" ? "▲" : "▼"),
      h("b", {}, digits(metric.metric, metric.value)), h("span", { class: "tile-unit" }, unitWord(metric.unit))),
    gauge(metric),
    words && h("span", { class: "tile-words" }, words),
    h("span", { class: "tile-usual" }, usual, " · ", age(metric.at)));
}

function showTiles() {
  const measured = [...twin.values()].filter((metric) => metric.value !== null);
  measured.forEach(paintTile);
  const place = byId("tiles");
  if (measured.length === 0) {
    place.replaceChildren(h("p", { class: "hint" }, "No reading has arrived yet."));
  } else if (place.children.length !== measured.length || !place.querySelector(".tile")) {
    place.replaceChildren(...measured.map((metric) => tiles.get(metric.metric)));
  }
}

// ---------------------------------------------------------------- chart

function view() {
  const metric = twin.get(selected);
  const to = now();
  const from = to - range.length;
  return {
    metric: selected, label: metric.label, unit: metric.unit, from, to, zone, step: range.step,
    hours: metric.hours, reach: reachOf(metric),
    alerts: [...alerts.values()].filter((alert) => alert.started_at >= from),
  };
}

function showChart() {
  if (!selected || !twin.has(selected)) return;
  const metric = twin.get(selected);
  byId("chart-panel").hidden = false;
  byId("chart-title").textContent = metric.label;
  byId("chart-words").textContent = plain(metric.text);
  const shown = view();
  chart.draw(shown, series);
  const learned = shown.hours.length > 0 && shown.reach !== null;
  fill(byId("legend"),
    learned && h("span", { class: "key key-band" }, "own usual by hour"),
    h("span", { class: "key key-line" }, range.step ? "average" : "readings"),
    range.step && h("span", { class: "key key-extremes" }, "lowest to highest"),
    learned && h("span", { class: "key key-outside" }, "outside the usual"),
    shown.alerts.length > 0 && h("span", { class: "key key-alert" }, "alert began"));
  if (byId("as-table").open) showTable(shown);
}

/** Draw after the numbers are on screen, and once for readings that come close together. */
function drawSoon() {
  drawing ??= setTimeout(() => {
    drawing = null;
    showChart();
  }, DRAWS_AFTER_MS);
}

/** By the hour (by the day for long ranges): what the picture says, in numbers. */
function showTable(shown) {
  const length = range.length > 2 * DAY ? DAY : HOUR;
  const rows = new Map();
  series.t.forEach((time, at) => {
    if (time < shown.from) return;
    const key = Math.floor(time / length) * length;
    const row = rows.get(key) ?? { low: Infinity, high: -Infinity, sum: 0, count: 0 };
    row.low = Math.min(row.low, series.min?.[at] ?? series.v[at]);
    row.high = Math.max(row.high, series.max?.[at] ?? series.v[at]);
    row.sum += series.v[at];
    row.count += 1;
    rows.set(key, row);
  });
  const number = (value) => digits(selected, value);
  byId("table").replaceChildren(table(
    `${twin.get(selected).label}, ${range.spoken}, in ${unitWord(shown.unit) || "steps"}`,
    [length === DAY ? "Day from" : "Hour from", "Lowest", "Average", "Highest", "Own usual"],
    [...rows.entries()].reverse().map(([time, row]) => {
      const band = length === HOUR ? bandAt(time + HOUR / 2, shown, zone) : null;
      return [moment(time, shown.to, zone), number(row.low), number(row.sum / row.count), number(row.high), band ? `${number(band[0])}–${number(band[1])}` : "–"];
    })));
}

/** A new medicine, altitude, a pregnancy: somebody may say that what deviates now is usual from now on. */
function showNewUsual() {
  const metric = twin.get(selected);
  fill(byId("new-usual"), opened.may_act && metric?.ready && [
    h("summary", {}, "Is this a new usual?"),
    h("p", {}, `After a new medicine, a move to altitude or a pregnancy, what was unusual may be usual from now on. Confirm it, and their ${metric.label.toLowerCase()} is learned anew, quickly. Not while somebody is ill: illness must not become normal.`),
    h("button", { type: "button", class: "plain-button", on: { click: confirmNewUsual } }, `Learn ${metric.label.toLowerCase()} anew`)]);
}

async function confirmNewUsual() {
  try {
    await ask(personPath(person.id, "new-normal"), { method: "POST", body: { metrics: [selected] } });
    byId("new-usual").open = false;
    toast(`${twin.get(selected).label} is being learned anew`);
    await learnedWords();
  } catch (error) {
    toast(`Not confirmed: ${error.message}`, "problem");
  }
}

async function load() {
  const call = ++asked;
  const to = now();
  const step = range.step ? `&step=${range.step}` : "";
  const path = personPath(person.id, `series?metric=${selected}&from=${Math.floor(to - range.length)}&to=${Math.ceil(to + HOUR)}${step}`);
  try {
    const answer = await ask(path);
    if (call !== asked) return; // another metric or range was chosen meanwhile
    series = answer;
    showChart();
  } catch (error) {
    toast(`The chart could not be loaded: ${error.message}`, "problem");
  }
}

function choose(metric) {
  selected = metric;
  showNewUsual();
  showTiles();
  load();
}

function showRanges() {
  byId("ranges").replaceChildren(...RANGES.map((choice) => h("button", {
    type: "button", class: "range", "aria-pressed": String(choice === range), "aria-label": choice.spoken,
    on: {
      click: (event) => {
        range = choice;
        for (const other of byId("ranges").children) other.setAttribute("aria-pressed", String(other === event.currentTarget));
        load();
      },
    },
  }, choice.label)));
}

// ---------------------------------------------------------------- what the checks say

const CONDITION_WORD = {
  unusual_for_you: "Unusual for them",
  news2: "NEWS2 score",
  hypoxia: "Oxygen saturation below 90 %",
  news_red: "A vital sign in the red zone of NEWS2",
};

/** Forecasts beyond these two are in the API: ten numbers about one hour help nobody. */
const shown = (item) => item.probability === null ? item.text || item.drivers.length > 0 : item.condition in CONDITION_WORD;

const driverWord = (item, driver) => item.probability === null
  ? `${twin.get(driver.metric)?.label ?? driver.metric}: ${plain(driver.text)}` : plain(driver.text);

const inHundred = (share) => share < 0.01 ? "fewer than 1" : `about ${Math.round(share * 100)}`;

function showRisks() {
  const items = risk.risks.filter(shown).map((item) => h("li", { class: "risk" },
    h("p", { class: "risk-head" }, h("b", {}, CONDITION_WORD[item.condition] ?? item.condition.replaceAll("_", " ")),
      h("span", { class: "hint" }, item.horizon_ms ? `within ${span(item.horizon_ms)}` : "now")),
    (item.drivers.length === 0 || item.probability !== null) && h("p", {}, sentence(plain(item.text))),
    item.base_rate != null && h("p", { class: "hint" }, `Of all hours measured there: ${inHundred(item.base_rate)} of 100.`),
    item.drivers.length > 0 && h("ul", { class: "drivers" }, item.drivers.map((driver) => h("li", {}, driverWord(item, driver)))),
    item.would_fall && h("p", { class: "hint" }, `By the model: ${plain(item.would_fall)}.`),
    h("p", { class: "source" }, item.model)));
  const stale = risk.stale && h("p", { class: "hint" }, "The readings are too old to say anything about now.");
  fill(byId("risks"), (items.length > 0 || stale)
    && [h("h2", {}, "What the checks say"), stale, items.length > 0 && h("ul", { class: "risk-list" }, items)]);
}

// ---------------------------------------------------------------- live

function reading({ person: id, t, values }) {
  if (id !== person.id) return;
  clockSeen(t);
  for (const [name, value] of Object.entries(values)) {
    const metric = twin.get(name);
    if (!metric || (metric.at !== null && t < metric.at)) continue;
    const fresh = { ...metric, value, at: t };
    twin.set(name, fresh);
    paintTile(fresh);
  }
  showTiles();
  if (selected in values && !range.step && t > (series.t.at(-1) ?? 0)) {
    series = { ...series, t: [...series.t, t], v: [...series.v, values[selected]] };
    drawSoon();
  }
  if (t > (person.last_reading_at ?? 0)) {
    person = { ...person, last_reading_at: t };
    showStanding();
  }
  clearTimeout(settle);
  settle = setTimeout(quietly, SETTLE_MS);
}

/** What only the server can say: standing, words, checks. A failure is left to the stream, which tells of it. */
async function learnedWords() {
  const what = ["", "twin", "risk"].map((part) => ask(personPath(person.id, part)));
  const [nextPerson, nextTwin, nextRisk] = await Promise.all(what);
  person = nextPerson;
  twin = new Map(nextTwin.metrics.map((metric) => [metric.metric, metric]));
  risk = nextRisk;
  showStanding();
  showTiles();
  showRisks();
  if (selected === null && (selected = firstMeasured()) !== null) await load();
  showChart();
}

const firstMeasured = () => [...twin.values()].find((metric) => metric.value !== null)?.metric ?? null;
const quietly = () => learnedWords().catch(() => {});

showRanges();
showRisks();
showTiles();
showAlerts();
showNewUsual();
showFindings(byId("findings"), opened.findings);
showChart();
ticking(showStanding);
setInterval(quietly, ASK_AGAIN_MS);
byId("as-table").addEventListener("toggle", () => showChart());

follow({
  reading,
  person: (next) => {
    if (next.id !== person.id) return;
    person = next;
    showStanding();
    showTiles();
  },
  alert: (alert) => alert.person === person.id && take(alert),
  findings: (told) => told.person === person.id && showFindings(byId("findings"), told.findings),
  deleted: (gone) => gone.person === person.id && location.assign("/"),
}, async () => {
  for (const alert of await ask(`/api/alerts?person=${encodeURIComponent(person.id)}`)) keepAlert(alerts, alert);
  showAlerts();
  showFindings(byId("findings"), (await ask(personPath(person.id, "findings"))).findings);
  await learnedWords();
  if (selected) await load();
}, person.id);
