// One person, live: what is open, each vital against their own usual, the chart, what the checks say.

import { byId, fill, gauge, h, levelChip, statusChip, table } from "./elements.js";
import { age, announce, clockSeen, now, opened, ticking, toast, viewerZone } from "./frame.js";
import { alertCard, byUrgency, keepAlert, notices, pastAlert } from "./alert_card.js";
import { bandAt, chartIn, reachOf } from "./chart.js";
import { ask, follow, personPath } from "./server.js";
import {
  DAY, HOUR, MINUTE, PHASE_ENDS, clock, dateWords, dayKey, digits, hasWords, keptBack, learning, metricWord, moment, say, saying, sentence, span, staleAfter, standingOf, unitWord, wouldFall,
} from "./words.js";

/** Time shown, and the step that keeps a chart at some hundred points. */
const RANGES = [
  { name: "range-6h", length: 6 * HOUR, step: null },
  { name: "range-24h", length: DAY, step: null },
  { name: "range-7d", length: 7 * DAY, step: 30 * MINUTE },
  { name: "range-30d", length: 30 * DAY, step: 2 * HOUR },
];
/** Readings come in bursts; the twin's words are asked for once they have settled. */
const SETTLE_MS = 1_500;
/** A number is painted with the next frame; the chart, which costs ten times as much, a little later. */
const DRAWS_AFTER_MS = 150;
/** Readings go stale by time alone, without an event; so the standing is asked for now and then. */
const ASK_AGAIN_MS = MINUTE;
const PAST_SHOWN = 10;
/** What was written longer ago stands folded away. */
const WROTE_BACK_MS = 3 * DAY;
const WROTE_SHOWN = 6;

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
let allPast = false;
const chart = chartIn(byId("chart"), byId("readout"));

// ---------------------------------------------------------------- head

function showStanding() {
  const hidden = person.withheld.includes("vitals");
  const years = person.birth_year && say("person-born", { year: String(person.birth_year) });
  fill(byId("standing"),
    h("p", { class: "standing" }, statusChip(person.status),
      person.last_reading_at && h("span", {}, say("last-reading"), " ", age(person.last_reading_at)),
      years && h("span", {}, years), !hidden && h("span", {}, learning(person.phase, person.days))),
    person.withheld.length > 0 && h("p", { class: "unknown-note" }, keptBack(person.withheld)),
    person.phase === "silent" && !hidden && h("progress", { class: "learning", max: PHASE_ENDS.silent, value: person.days, "aria-label": say("person-learning", { days: Math.min(person.days, PHASE_ENDS.silent), of: PHASE_ENDS.silent }) }),
    person.status === "unknown" && person.withheld.length === 0 && h("p", { class: "unknown-note" }, person.last_reading_at
      ? say("person-unknown", { span: span(now() - person.last_reading_at), name: person.name })
      : say("person-never", { name: person.name })));
  fill(byId("alerts-off"), notices(person));
  byId("zone-note").textContent = zone === viewerZone ? "" : say("times-are-theirs", { name: person.name, zone: zone.replaceAll("_", " ") });
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
    .sort((a, b) => b.started_at - a.started_at);
  const shown = allPast ? past : past.slice(0, PAST_SHOWN);
  fill(byId("history"), past.length > 0
    && [h("h2", {}, say("person-earlier")), h("ul", { class: "past-list" }, shown.map((alert) => pastAlert(alert, zone))),
      shown.length < past.length && h("button", { type: "button", class: "plain-button", on: { click: () => { allPast = true; showAlerts(); } } }, say("person-earlier-all", { n: past.length }))]);
}

function take(alert) {
  const known = alerts.get(alert.id);
  keepAlert(alerts, alert);
  if (alert.level === "critical" && alert.state === "triggered" && known?.level !== "critical") announce(say("critical-told", { summary: saying(alert.said, alert.summary) }));
  showAlerts();
  showChart();
}

// ---------------------------------------------------------------- tiles

const isStale = (metric) => person.status === "unknown" || now() - metric.at > staleAfter(metric.metric);

function paintTile(metric) {
  if (!tiles.has(metric.metric)) {
    tiles.set(metric.metric, h("button", { type: "button", class: "tile", on: { click: () => choose(metric.metric) } }));
  }
  const tile = tiles.get(metric.metric);
  const { side, words, usual } = standingOf(metric, { stale: isStale(metric), now: now() });
  tile.dataset.side = side ?? "";
  tile.dataset.metric = metric.metric;
  tile.dataset.stale = isStale(metric);
  const level = isStale(metric) ? null : metric.level ?? null;
  tile.dataset.level = level ?? "";
  tile.setAttribute("aria-pressed", String(metric.metric === selected));
  fill(tile,
    h("span", { class: "tile-label" }, metricWord(metric.metric, "short")),
    h("span", { class: "tile-value" }, side && h("span", { class: "tile-arrow", "aria-hidden": "true" }, side === "above" ? "▲" : "▼"),
      h("b", {}, digits(metric.metric, metric.value)), h("span", { class: "tile-unit" }, unitWord(metric.unit))),
    level && levelChip(level),
    gauge(metric),
    words && h("span", { class: "tile-words" }, words),
    h("span", { class: "tile-usual" }, usual, " · ", age(metric.at)));
}

function showTiles() {
  const measured = [...twin.values()].filter((metric) => metric.value !== null);
  measured.forEach(paintTile);
  const place = byId("tiles");
  if (measured.length === 0) {
    place.replaceChildren(h("p", { class: "hint" }, say("person-nothing-arrived")));
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
    metric: selected, from, to, zone, step: range.step,
    hours: metric.hours, reach: reachOf(metric),
    alerts: [...alerts.values()].filter((alert) => alert.started_at >= from),
  };
}

function showChart() {
  if (!selected || !twin.has(selected)) return;
  const metric = twin.get(selected);
  byId("chart-panel").hidden = false;
  byId("chart-title").textContent = metricWord(selected, "short");
  byId("chart-words").textContent = saying(metric.said, metric.text);
  const shown = view();
  chart.draw(shown, series);
  const learned = shown.hours.length > 0 && shown.reach !== null;
  fill(byId("legend"),
    learned && h("span", { class: "key key-band" }, say("legend-usual")),
    h("span", { class: "key key-line" }, say(range.step ? "legend-average" : "legend-readings")),
    range.step && h("span", { class: "key key-extremes" }, say("legend-extremes")),
    learned && h("span", { class: "key key-outside" }, say("legend-outside")),
    shown.alerts.length > 0 && h("span", { class: "key key-alert" }, say("legend-alert")));
  if (byId("as-table").open) showTable(shown);
}

/** Draw after the numbers are on screen, and once for readings that come close together. */
function drawSoon() {
  if (drawing !== null) return;
  drawing = setTimeout(() => {
    drawing = null;
    showChart();
  }, DRAWS_AFTER_MS);
}

/** When the person's own hour began that this moment lies in. */
const hourBegins = (time) => time - (time % MINUTE) - Number(clock(time, zone).slice(3)) * MINUTE;

/** By the hour (by the day for long ranges), as the clock of the person has them: what the picture says, in numbers. */
function showTable(shown) {
  const byDay = range.length > 2 * DAY;
  const keyOf = (time) => (byDay ? dayKey(time, zone) : `${dayKey(time, zone)} ${clock(time, zone).slice(0, 2)}`);
  const rows = new Map();
  series.t.forEach((time, at) => {
    if (time < shown.from) return;
    const row = rows.get(keyOf(time)) ?? { time, low: Infinity, high: -Infinity, sum: 0, count: 0, usual: [] };
    row.low = Math.min(row.low, series.min?.[at] ?? series.v[at]);
    row.high = Math.max(row.high, series.max?.[at] ?? series.v[at]);
    row.sum += series.v[at] * (series.count?.[at] ?? 1);
    row.count += series.count?.[at] ?? 1;
    row.usual.push(...(bandAt(time, shown, zone) ?? []));
    rows.set(keyOf(time), row);
  });
  const number = (value) => digits(selected, value);
  const unit = unitWord(twin.get(selected).unit);
  const began = (time) => (byDay ? dateWords(time, zone, "short") : moment(hourBegins(time), shown.to, zone));
  byId("table").replaceChildren(table(
    say(unit ? "table-caption" : "table-caption-bare", { metric: selected, range: say(`${range.name}-spoken`), unit }),
    [byDay ? "day" : "hour", "lowest", "average", "highest", "usual"].map((head) => say(`table-${head}`)),
    [...rows.values()].reverse().map(({ time, low, high, sum, count, usual }) => [
      began(time), number(low), number(sum / count), number(high),
      usual.length > 0 ? `${number(Math.min(...usual))}–${number(Math.max(...usual))}` : "–"])));
}

/** A new medicine, altitude, a pregnancy: somebody may say that what deviates now is usual from now on. */
function showNewUsual() {
  const metric = twin.get(selected);
  fill(byId("new-usual"), opened.may_act && metric?.ready && [
    h("summary", {}, say("new-usual-title")),
    h("p", {}, say("new-usual-why", { metric: selected })),
    h("button", { type: "button", class: "plain-button", on: { click: confirmNewUsual } }, say("new-usual-do", { metric: selected }))]);
}

async function confirmNewUsual() {
  try {
    await ask(personPath(person.id, "new-normal"), { method: "POST", body: { metrics: [selected] } });
    byId("new-usual").open = false;
    toast(say("new-usual-done", { metric: selected }));
    await learnedWords();
  } catch (error) {
    toast(say("new-usual-failed", { why: error.message }), "problem");
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
    toast(say("chart-failed", { why: error.message }), "problem");
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
    type: "button", class: "range", "aria-pressed": String(choice === range), "aria-label": say(`${choice.name}-spoken`),
    on: {
      click: (event) => {
        range = choice;
        for (const other of byId("ranges").children) other.setAttribute("aria-pressed", String(other === event.currentTarget));
        load();
      },
    },
  }, say(choice.name))));
}

// ---------------------------------------------------------------- what the checks say

const conditionWord = (condition) => (hasWords(`check-${condition}`) ? say(`check-${condition}`) : condition.replaceAll("_", " "));

/** Forecasts beyond these two are in the API: ten numbers about one hour help nobody. */
const shown = (item) => item.probability === null ? item.text || item.drivers.length > 0 : hasWords(`check-${item.condition}`);

const driverWord = (item, driver) => item.probability === null
  ? `${metricWord(driver.metric)}: ${saying(driver.said, driver.text)}` : saying(driver.said, driver.text);

const baseRate = (share) => (share < 0.01 ? say("checks-base-rate-few") : say("checks-base-rate", { n: Math.round(share * 100) }));

function showRisks() {
  const items = risk.risks.filter(shown).map((item) => h("li", { class: "risk" },
    h("p", { class: "risk-head" }, h("b", {}, conditionWord(item.condition)),
      h("span", { class: "hint" }, item.horizon_ms ? say("checks-within", { span: span(item.horizon_ms) }) : say("checks-now"))),
    (item.drivers.length === 0 || item.probability !== null) && h("p", {}, sentence(saying(item.said, item.text))),
    item.base_rate != null && h("p", { class: "hint" }, baseRate(item.base_rate)),
    item.drivers.length > 0 && h("ul", { class: "drivers" }, item.drivers.map((driver) => h("li", {}, driverWord(item, driver)))),
    wouldFall(item) && h("p", { class: "hint" }, say("checks-by-the-model", { what: wouldFall(item) })),
    // Which data and which seed a model comes from stands in the API; here it would only be noise.
    item.probability !== null && h("p", { class: "source" }, say("checks-model", { model: item.model.split(/[;,(]/)[0].trim() }))));
  const stale = risk.stale && h("p", { class: "hint" }, say("checks-stale"));
  fill(byId("risks"), (items.length > 0 || stale)
    && [h("h2", {}, say("checks-title")), stale, items.length > 0 && h("ul", { class: "risk-list" }, items)]);
}

// ---------------------------------------------------------------- medicines and genes: quiet, and never advice to act alone

let paintedFindings = "";

/** Paint the findings into `place`; without any, the section is empty and takes no room. */
function showFindings(place, findings) {
  const text = JSON.stringify(findings);
  if (text === paintedFindings) return; // what somebody has opened, or stands on with the keyboard, stays as it is
  paintedFindings = text;
  fill(place, findings.length > 0 && [
    h("h2", {}, say("findings-title")),
    h("p", { class: "hint" }, say("findings-ask")),
    h("ul", { class: "finding-list" }, findings.map((finding) => h("li", { class: "finding" },
      h("p", { class: "finding-head" }, levelChip(finding.urgency), h("b", {}, saying(finding.said, finding.hypothesis))),
      finding.contraindications.length > 0 && h("ul", { class: "facts-list" },
        finding.contraindications.map((against, at) => h("li", {}, saying(finding.contraindications_said?.[at], against)))),
      h("details", { class: "finding-why" },
        h("summary", {}, say("findings-why")),
        h("ul", { class: "facts-list" }, finding.evidence.map((fact) => h("li", {}, saying(fact.said, fact.text),
          h("span", { class: "source" }, saying(fact.cited, fact.source)))))))))]);
}

// ---------------------------------------------------------------- what the person wrote, and what helpers must know

const events = new Map(opened.events.map((event) => [event.id, event]));

/** What the person wrote lately: it belongs beside the readings, since no sensor feels it. */
function showWrote() {
  const told = [...events.values()].sort((a, b) => b.at - a.at);
  const recent = told.filter((event) => now() - event.at < WROTE_BACK_MS);
  const entry = (event) => h("li", { class: "wrote", data: { kind: event.kind } }, h("span", { class: "wrote-text" }, event.text),
    h("span", { class: "hint" }, hasWords(`event-${event.kind}`) && `${say(`event-${event.kind}`)} · `, age(event.at),
      event.severity !== null && ` · ${say("wrote-of-ten", { value: event.severity })}`));
  fill(byId("wrote"), told.length > 0 && [h("h2", {}, say("wrote-title")),
    recent.length > 0 ? h("ul", { class: "wrote-list" }, recent.slice(0, WROTE_SHOWN).map(entry)) : h("p", { class: "hint" }, say("wrote-nothing-lately")),
    told.length > Math.min(recent.length, WROTE_SHOWN) && h("details", { class: "as-table" }, h("summary", {}, say("wrote-earlier")),
      h("ul", { class: "wrote-list" }, told.filter((event) => !recent.slice(0, WROTE_SHOWN).includes(event)).map(entry)))]);
}

/** Allergies and whom to call; of a clinician's view also what was diagnosed. */
function showBackground({ conditions, risk_factors: risks, allergies, emergency_contacts: contacts }) {
  const list = (name, items) => items.length > 0 && h("div", { class: "about" }, h("h3", {}, say(`about-${name}`)),
    h("ul", { class: "facts-list" }, items.map((item) => h("li", {}, item))));
  const call = ({ name, phone, relation }) => [name, relation && ` (${relation})`, phone && [": ", h("a", { href: `tel:${phone.replace(/[^\d+]/g, "")}` }, phone)]];
  const parts = [list("allergies", allergies), list("contacts", contacts.map(call)), list("conditions", conditions), list("risks", risks)].filter(Boolean);
  fill(byId("background"), parts.length > 0 && [h("h2", {}, say("about-title")), h("div", { class: "about-parts" }, parts)]);
}

// ---------------------------------------------------------------- live

function reading({ person: id, t, values, levels = {} }) {
  if (id !== person.id) return;
  clockSeen(t);
  for (const [name, value] of Object.entries(values)) {
    const metric = twin.get(name);
    if (!metric || (metric.at !== null && t < metric.at)) continue;
    const fresh = { ...metric, value, at: t, level: levels[name] ?? null };
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
  // Whoever keeps their readings back is not asked for what was learned from them.
  const parts = person.withheld.includes("vitals") ? [""] : ["", "twin", "risk"];
  const [nextPerson, nextTwin = opened.twin, nextRisk = opened.risk] = await Promise.all(parts.map((part) => ask(personPath(person.id, part))));
  person = nextPerson;
  twin = new Map(nextTwin.metrics.map((metric) => [metric.metric, metric]));
  risk = nextRisk;
  showStanding();
  showTiles();
  showRisks();
  if (selected === null) {
    selected = firstMeasured();
    if (selected !== null) await load();
  }
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
showWrote();
showBackground(opened.background);
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
  event: (event) => {
    if (event.person !== person.id) return;
    events.set(event.id, event);
    showWrote();
  },
  deleted: (gone) => gone.person === person.id && location.assign("/"),
}, async () => {
  for (const alert of await ask(`/api/alerts?person=${encodeURIComponent(person.id)}`)) keepAlert(alerts, alert);
  showAlerts();
  showFindings(byId("findings"), (await ask(personPath(person.id, "findings"))).findings);
  for (const event of await ask(personPath(person.id, "events?limit=20"))) events.set(event.id, event);
  showWrote();
  await learnedWords();
  if (selected) await load();
}, person.id);
