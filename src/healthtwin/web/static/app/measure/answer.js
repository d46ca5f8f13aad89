// Sends a recording and shows what became of it: values beside the own usual, or the reason why there are none.

import { h } from "../../js/elements.js";
import { METRICS, digitsOf } from "../../js/words.js";
import { drawing } from "./drawings.js";

/** What is said of the log, by the server's outcome. */
const STORED = { duplicate: "stored-before", nothing_measured: "stored-not" };

/** A quality below this is shown as "fair"; the server refuses what is not usable at all. */
const GOOD_QUALITY = 0.7;

/** What the person's twin says about a metric now, or null: offline, not signed in, not learned. */
async function usualOf(services, metric) {
  if (!services.me?.person) return null;
  try {
    const answer = await fetch(`/api/people/${encodeURIComponent(services.me.person)}/twin`);
    if (!answer.ok) return null;
    const twin = await answer.json();
    const found = twin.metrics.find((each) => each.metric === metric);
    return found?.ready && found.low !== null && found.high !== null ? { low: found.low, high: found.high } : null;
  } catch {
    return null;
  }
}

/** A value with its unit, as words: "72 per minute". */
export function quantity(stage, metric, value) {
  return [stage.number(value, digitsOf(metric)), stage.unitOf(metric)];
}

function bigValue(stage, metric, value, usual) {
  const [number, unit] = quantity(stage, metric, value);
  const digits = digitsOf(metric);
  return h("div", { class: "big-value", data: { metric } },
    h("p", { class: "big-label" }, stage.metric(metric)),
    h("p", { class: "big-number" }, h("strong", { data: { value } }, number), " ", h("span", {}, unit)),
    usual && h("p", { class: "usual" },
      stage.say("usual", { low: stage.number(usual.low, digits), high: stage.number(usual.high, digits) })));
}

function smallValue(stage, metric, value) {
  const [number, unit] = quantity(stage, metric, value);
  return h("div", { class: "small-value", data: { metric } },
    h("dt", {}, stage.metric(metric)),
    h("dd", {}, h("strong", { data: { value } }, number), " ", unit));
}

/** What a value says: against the own usual where that is known, else what it is good for. */
function meaning(stage, metrics, usual) {
  const words = [...new Set(metrics.map((metric, at) => (usual[at] ? null : stage.sayIfKnown(`means-${metric}`, stage.say("means-later")))).filter(Boolean))];
  return words.length > 0 && words.map((sentence) => h("p", { class: "hint meaning-of" }, sentence));
}

/** Why a metric is missing, in the reader's language where the code is known. */
function reason(stage, refusal) {
  const facts = Object.fromEntries(Object.entries(refusal.facts ?? {})
    .map(([name, value]) => [name, stage.number(value, Number.isInteger(value) ? 0 : 1)]));
  const known = stage.sayIfKnown(`refusal-${refusal.code}`, refusal.words, facts);
  return stage.sayIfKnown(`refusal-${stage.kind}-${refusal.code}`, known, facts);
}

/** What is missing, by reason: one that holds for three metrics is said once. */
function refusedList(stage, refusals) {
  const metricsOf = new Map();
  for (const [metric, refusal] of Object.entries(refusals)) {
    const why = reason(stage, refusal);
    metricsOf.set(why, [...(metricsOf.get(why) ?? []), stage.metric(metric)]);
  }
  if (metricsOf.size === 0) return null;
  return h("div", { class: "not-measured" }, h("h2", {}, stage.say("not-measured")),
    h("ul", {}, [...metricsOf].map(([why, metrics]) => h("li", {}, h("strong", {}, metrics.join(", ")), " – ", why))));
}

function actions(stage, again) {
  return h("div", { class: "measure-actions" }, stage.button("measure-again", again, "plain-button"),
    stage.button("done", () => stage.leave()));
}

/** Say that there is no value, why, and what helps. `reasons`: sentences. */
export function showRefused(stage, reasons, again) {
  stage.endMeasuring();
  stage.show("refused",
    h("div", { class: "notice", role: "alert" }, drawing("attention"),
      h("div", {}, h("h2", {}, stage.say("refused")), reasons.map((sentence) => h("p", {}, sentence)))),
    h("p", { class: "hint" }, stage.say("refused-kept")),
    h("div", { class: "measure-actions" }, stage.button("try-again", again), stage.leaveButton()));
}

/** What the limits that lie on this phone say of values; null inside them. */
const cardOf = async (stage, values, kept) => (await stage.services.beyondLimits?.(values, { kept })) ?? null;

/** It waits on this phone. What was typed in is judged here and now; a recording has no value before the house worked it out. */
async function showQueued(stage, typed, again) {
  const card = typed && await cardOf(stage, typed, true);
  stage.show("queued", card,
    typed && Object.entries(typed).map(([metric, value]) => bigValue(stage, metric, value, null)),
    h("div", { class: "notice calm" }, card ? null : drawing("good"),
      h("div", {}, h("h2", {}, stage.say("queued")), h("p", {}, stage.say(typed ? "queued-help-typed" : "queued-help")))),
    actions(stage, again));
  if (!card) stage.announce(stage.say("queued"));
}

async function showMeasured(stage, answer, main, again) {
  const { measurement = {}, refusals = {}, stored = {} } = answer;
  const values = { ...stored };
  for (const metric of Object.keys(METRICS)) {
    if (typeof measurement[metric] === "number") values[metric] ??= measurement[metric];
  }
  const shown = main.filter((metric) => metric in values);
  const others = Object.keys(values).filter((metric) => !main.includes(metric) && metric in METRICS);
  if (shown.length === 0 && others.length === 0) {
    const reasons = [...new Set(Object.values(refusals).map((refusal) => reason(stage, refusal)))];
    showRefused(stage, reasons.length > 0 ? reasons : [stage.say("refused-unclear")], again);
    return;
  }
  const [card, ...usual] = await Promise.all([cardOf(stage, values, false), ...shown.map((metric) => usualOf(stage.services, metric))]);
  stage.show("measured", card,
    shown.map((metric, at) => bigValue(stage, metric, values[metric], usual[at])),
    others.length > 0 && h("dl", { class: "small-values" }, others.map((metric) => smallValue(stage, metric, values[metric]))),
    meaning(stage, shown, usual),
    typeof measurement.quality === "number" && h("p", { class: "quality", data: { quality: measurement.quality } },
      drawing(measurement.quality >= GOOD_QUALITY ? "good" : "attention"),
      stage.say(measurement.quality >= GOOD_QUALITY ? "quality-good" : "quality-fair", { percent: stage.number(measurement.quality * 100, 0) })),
    refusedList(stage, refusals),
    h("p", { class: "hint" }, stage.say(STORED[answer.outcome] ?? (card ? "stored-beyond" : "stored"))),
    actions(stage, again));
  // The card is an alert by itself: said first, and nothing calm after it.
  if (!card) stage.announce([...shown, ...others].map((metric) =>
    `${stage.metric(metric)}: ${quantity(stage, metric, values[metric]).join(" ")}`).join(". "));
}

/**
 * Send a recording and show the outcome.
 * @param {object} options `main`: metrics to show big, first the most wanted; `again`: what "again" does;
 *   `typed`: the values sent, where the server only says that it took them (`/api/vitals`)
 */
export async function sendAndShow(stage, path, body, { main, again, typed }) {
  stage.show("sending", h("p", { class: "working", role: "status" }, stage.say("working")));
  let outcome;
  try {
    outcome = await stage.services.submit(path, body);
  } catch (error) {
    stage.trouble(error, again);
    return;
  }
  if (stage.gone) return;
  if (outcome.queued) await showQueued(stage, typed, again);
  else if (outcome.status >= 400) {
    showRefused(stage, [outcome.answer?.detail ?? outcome.answer?.title ?? stage.say("refused-unclear")], again);
  } else {
    const taken = typed && { stored: typed, outcome: outcome.answer.accepted > 0 ? "accepted" : "duplicate" };
    await showMeasured(stage, taken ?? outcome.answer, main, again);
  }
}
