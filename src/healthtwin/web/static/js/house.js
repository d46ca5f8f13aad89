// The operator's page: whether the house runs, what its forecasts cost, whether they still see what they learned.

import { byId, fill, h, table } from "./elements.js";
import { age, opened } from "./frame.js";
import { ask, follow } from "./server.js";
import { MINUTE, span } from "./words.js";

const STANDING = {
  ok: "Readings are taken, and nothing waits for you.",
  degraded: "Readings are taken, but something needs you.",
  failing: "New readings are refused. Something needs you now.",
};
const FORECAST = { hypoxia: "Oxygen saturation below 90 %", news_red: "A vital sign in the red zone of NEWS2" };
const ASK_AGAIN_MS = MINUTE / 2;
const GB = 1e9;

const forecast = (target) => FORECAST[target] ?? target.replaceAll("_", " ");
const count = (value, places = 0) => value.toLocaleString("en-GB", { maximumFractionDigits: places });
const index = (item) => item.index === null ? "–" : item.index.toFixed(2);
const weekWord = (time) => new Date(time).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** Natural log units on the rarity of a score; 0 is where the models were trained. */
function threshold(offset) {
  if (Math.abs(offset) < 0.05) return "as where they were trained";
  return `${count(Math.exp(Math.abs(offset)), 1)} times ${offset > 0 ? "stricter" : "more lenient"}`;
}

function showRunning(health) {
  byId("standing").textContent = STANDING[health.status] ?? health.status;
  fill(byId("faults"), health.faults.map((fault) =>
    h("li", {}, h("b", {}, fault.part), `: ${fault.text}`, fault.since_at && [" (since ", age(fault.since_at), ")"])));
  fill(byId("running"), table("How it runs", ["What", "How it stands"], [
    ["People", count(health.people)],
    ["Readings not seen yet", health.backlog ? `${count(health.backlog)}, the oldest from ${span(health.lag_ms)} ago` : "none"],
    ["Messages not confirmed yet", count(health.deliveries_pending)],
    ["Free space", `${count(health.disk_free_bytes / GB, 1)} GB; below ${count(health.disk_reserve_bytes / GB, 1)} GB readings are refused`],
    ["Version", health.version],
    ["Running", h("span", {}, "since ", age(health.started_at))],
  ]));
}

function showAlarms(alarms) {
  fill(byId("alarms"), alarms
    ? [
      h("p", {}, `So far people were allowed ${count(alarms.allowed, 1)} false alarms together and got ${count(alarms.false, 1)}.`),
      h("p", {}, `For somebody new the threshold is ${threshold(alarms.offset)}.`),
      h("p", { class: "hint" }, "False: an hour later the readings showed that it had not come; where nobody measured, an alarm counts by its chance. Absolute limits and NEWS2 are not part of this and are never silenced by it."),
    ]
    : h("p", {}, "Nothing is known yet: no time was noted since the start."));
}

function showDrift(drift) {
  fill(byId("drift"), drift.length > 0
    ? table("Scores of the last week against training", ["Forecast", "Scores are", "Index", "Person-hours"],
      drift.map((item) => [forecast(item.target), item.words, index(item), count(item.hours)]))
    : h("p", {}, "No score yet."));
}

function showWeeks(weeks) {
  const targets = [...new Set(weeks.flatMap((week) => week.drift.map((item) => item.target)))];
  fill(byId("weeks"), weeks.length > 0
    ? table("Weeks of this house", ["Week from", "Allowed", "False alarms", "Threshold", ...targets.map((target) => `Drift: ${forecast(target)}`)],
      weeks.map((week) => [weekWord(week.week), count(week.allowed, 1), count(week.false, 1), threshold(week.offset),
        ...targets.map((target) => {
          const item = week.drift.find((one) => one.target === target);
          return item ? `${index(item)} (${item.words})` : "–";
        })]))
    : h("p", {}, "The first entry comes within an hour of the start."));
}

function showHealth(health) {
  showRunning(health);
  showAlarms(health.trained_alarms);
  showDrift(health.drift);
}

showHealth(opened.health);
showWeeks(opened.weeks);

const refresh = async () => showHealth(await ask("/health"));
setInterval(() => refresh().catch(() => {}), ASK_AGAIN_MS); // a lost connection is told by the stream
follow({}, refresh);
