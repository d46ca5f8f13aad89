// The operator's page: whether the house runs, what its forecasts cost, whether they still see what they learned.

import { byId, fill, h, table } from "./elements.js";
import { age, now, opened, viewerZone } from "./frame.js";
import { ask, follow } from "./server.js";
import { DAY, MINUTE, dateWords, fixed, hasWords, say, saying, span, upTo } from "./words.js";

const ASK_AGAIN_MS = MINUTE / 2;
const GB = 1e9;

const forecast = (target) => (hasWords(`check-${target}`) ? say(`check-${target}`) : target.replaceAll("_", " "));
const count = (value, places = 0) => upTo(value, places);
const index = (item) => (item.index === null ? "–" : fixed(item.index, 2));
const weekWord = (time) => dateWords(time, "UTC");

/** Natural log units on the rarity of a score; 0 is where the models were trained. */
function threshold(offset) {
  if (Math.abs(offset) < 0.05) return say("house-threshold-same");
  return say(offset > 0 ? "house-threshold-stricter" : "house-threshold-lenient", { times: count(Math.exp(Math.abs(offset)), 1) });
}

function showRunning(health) {
  byId("standing").textContent = hasWords(`house-${health.status}`) ? say(`house-${health.status}`) : health.status;
  fill(byId("faults"), health.faults.map((fault) =>
    h("li", {}, h("b", {}, say("fault-part", { part: fault.part })), `: ${saying(fault.said, fault.text)}`, fault.since_at && [" (", age(fault.since_at), ")"])));
  fill(byId("warnings"), health.warnings.map((each) => h("li", {}, saying(each.said, each.text), " (", age(each.at), ")",
    h("span", { class: "source" }, [each.who, each.person].filter(Boolean).join(" → ")))));
  fill(byId("running"), table(say("house-table"), [say("house-what"), say("house-stands")], [
    [say("house-people"), count(health.people)],
    [say("house-backlog"), health.backlog ? say("house-backlog-is", { n: health.backlog, span: span(health.lag_ms) }) : say("house-backlog-none")],
    [say("house-deliveries"), count(health.deliveries_pending)],
    [say("house-space"), say("house-space-is", { free: count(health.disk_free_bytes / GB, 1), reserve: count(health.disk_reserve_bytes / GB, 1) })],
    [say("house-version"), health.version],
    [say("house-started"), age(health.started_at)],
  ]));
}

const day = (time) => dateWords(time, viewerZone);

/** Backups, the certificate, who is told, who may come in: what fails silently when nobody looks. */
function showUpkeep({ last_backup_at: backup, certificate_ends_at: ends, receivers, tokens }) {
  fill(byId("upkeep"), table(say("house-upkeep"), [say("house-what"), say("house-stands")], [
    [say("house-backup"), backup ? age(backup) : say("house-backup-never")],
    [say("house-certificate"), ends ? say("house-certificate-until", { date: day(ends), days: Math.floor((ends - now()) / DAY) }) : say("house-certificate-none")],
  ]));
  fill(byId("receivers"), receivers.length > 0
    ? table(say("house-receivers"), ["receiver", "whose", "waiting", "given-up", "stands"].map((head) => say(`house-${head}`)), receivers.map((each) => [
      h("span", {}, each.host, h("span", { class: "source" }, each.id)), each.person ?? say("page-everybody"), count(each.waiting),
      each.given_up > 0 ? [count(each.given_up), " (", age(each.given_up_at), ")"] : "0",
      !each.active ? say("house-receiver-off") : each.failing_since ? h("span", { class: "delivery", data: { status: "failed" } }, say("house-receiver-failing"), " ", age(each.failing_since), each.last && `: ${each.last}`) : say("house-receiver-ok")]))
    : h("p", {}, say("house-receivers-none")));
  fill(byId("tokens"), tokens.length > 0
    ? table(say("house-tokens"), ["token", "scope", "covers", "made", "ends"].map((head) => say(`house-${head}`)), tokens.map((each) => [
      h("span", {}, each.label || say("house-token-unnamed"), h("span", { class: "source" }, each.id)), each.scope,
      each.people === null ? say("page-everybody") : count(each.people), day(each.made_at), each.ends_at ? day(each.ends_at) : say("house-never")]))
    : h("p", {}, say("house-tokens-none")));
}

function showAlarms(alarms) {
  fill(byId("alarms"), alarms
    ? [
      h("p", {}, say("house-alarms-so-far", { allowed: count(alarms.allowed, 1), false: count(alarms.false, 1) })),
      h("p", {}, say("house-alarms-new", { threshold: threshold(alarms.offset) })),
      h("p", { class: "hint" }, say("house-alarms-hint")),
    ]
    : h("p", {}, say("house-alarms-none")));
}

function showDrift(drift) {
  fill(byId("drift"), drift.length > 0
    ? table(say("house-drift-caption"), ["forecast", "scores", "index", "hours"].map((head) => say(`house-${head}`)),
      drift.map((item) => [forecast(item.target), saying(item.said, item.words), index(item), count(item.hours)]))
    : h("p", {}, say("house-no-score")));
}

function showWeeks(weeks) {
  const targets = [...new Set(weeks.flatMap((week) => week.drift.map((item) => item.target)))];
  fill(byId("weeks"), weeks.length > 0
    ? table(say("house-weeks-caption"), [...["week-from", "allowed", "false", "threshold"].map((head) => say(`house-${head}`)), ...targets.map((target) => say("house-drift-of", { forecast: forecast(target) }))],
      weeks.map((week) => [weekWord(week.week), count(week.allowed, 1), count(week.false, 1), threshold(week.offset),
        ...targets.map((target) => {
          const item = week.drift.find((one) => one.target === target);
          return item ? `${index(item)} (${saying(item.said, item.words)})` : "–";
        })]))
    : h("p", {}, say("house-no-week")));
}

function showHealth(health) {
  showRunning(health);
  showAlarms(health.trained_alarms);
  showDrift(health.drift);
}

showHealth(opened.health);
showWeeks(opened.weeks);
showUpkeep(opened.upkeep);

const refresh = async () => showHealth(await ask("/health"));
setInterval(() => refresh().catch(() => {}), ASK_AGAIN_MS); // a lost connection is told by the stream
follow({}, refresh);
