// One episode: what, since when, what to do first, the evidence, who was told, and the three verbs.

import { fill, h, icon, levelChip, stateChip, table } from "./elements.js";
import { announce, now, toast } from "./frame.js";
import { ask } from "./server.js";
import {
  CHANNEL_WORD, DELIVERY_WORD, HOUR, LEVEL_MEANING, MINUTE, around, clock, digits, moment, plain, quantity, span, tomorrowAt,
} from "./words.js";

/** Worst first, then what nobody has taken yet, then the newest. */
export function byUrgency(a, b) {
  const rank = { critical: 0, warning: 1, info: 2 };
  const taken = { triggered: 0, acknowledged: 1, snoozed: 2, resolved: 3 };
  return rank[a.level] - rank[b.level] || taken[a.state] - taken[b.state] || b.started_at - a.started_at;
}

/** Put an alert into a map by id. An episode that was renamed replaces itself: one may be open per dedup key. */
export function keepAlert(alerts, alert) {
  for (const other of alerts.values()) {
    const same = other.person === alert.person && other.dedup_key === alert.dedup_key;
    if (same && other.id !== alert.id && other.state !== "resolved" && alert.state !== "resolved") alerts.delete(other.id);
  }
  alerts.set(alert.id, alert);
}

/** "since 13:20 (42 min) · told at 13:24", and how it ended or is held. */
function timeline(alert, zone) {
  const at = (time) => moment(time, now(), zone);
  const length = span((alert.resolved_at ?? now()) - alert.started_at);
  const parts = [`Since ${at(alert.started_at)} (${length})`, `told at ${at(alert.raised_at)}`];
  if (alert.acknowledged_at) parts.push(`acknowledged at ${at(alert.acknowledged_at)}`);
  if (alert.resolved_at) parts.push(`closed at ${at(alert.resolved_at)}`);
  return h("p", { class: "alert-times" }, parts.join(" · "));
}

const BRIEF_EVIDENCE = 4;

/** What the alert's own page holds beyond the short card. */
function whatIsMore(alert) {
  const facts = alert.evidence.length - BRIEF_EVIDENCE;
  if (facts <= 0) return "Who was told, and everything else";
  return `${facts} more ${facts === 1 ? "fact" : "facts"}, and who was told`;
}

function firstSteps(alert) {
  const advice = alert.advice.map((step) => h("li", {}, step.action, h("cite", { class: "source" }, step.source)));
  const call = alert.level === "critical" && alert.state !== "resolved" && h("div", { class: "call-first" },
    h("p", {}, h("strong", {}, "If the person is unwell, call emergency services now.")),
    h("p", { class: "call-numbers" },
      h("a", { class: "call-button", href: "tel:112" }, "Call 112"),
      h("a", { class: "call-button", href: "tel:911" }, "Call 911"),
      h("span", { class: "hint" }, "or your local emergency number. Nobody has been called for you.")));
  if (!call && advice.length === 0) return null;
  return h("section", { class: "alert-part" }, h("h3", {}, "What to do first"), call,
    advice.length > 0 && h("ol", { class: "advice" }, advice));
}

const measured = (fact) => (fact.value === null || fact.value === undefined ? null : quantity(fact.metric, fact.value, fact.unit ?? "1"));

function usualOf(fact) {
  if (fact.expected === null || fact.expected === undefined) return null;
  return fact.spread ? around(fact.metric, fact.expected, fact.spread) : digits(fact.metric, fact.expected);
}

/** The heaviest evidence as a short list, for a page that shows the vitals themselves below it. */
function evidenceList(alert, zone) {
  const items = alert.evidence.slice(0, BRIEF_EVIDENCE).map((fact) => h("li", {}, plain(fact.text),
    h("span", { class: "source" }, [fact.at && moment(fact.at, now(), zone), fact.source].filter(Boolean).join(" · "))));
  return h("section", { class: "alert-part alert-why" }, h("h3", {}, "Why"), h("ul", { class: "facts-list" }, items));
}

function evidenceTable(alert, zone) {
  const rows = alert.evidence.map((fact) => [
    plain(fact.text), measured(fact) ?? "–", usualOf(fact) ?? "–", fact.at ? moment(fact.at, now(), zone) : "–",
    h("span", { class: "source" }, fact.source),
  ]);
  return h("section", { class: "alert-part" }, h("h3", {}, "Why: the evidence"),
    h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Evidence" },
      table("Evidence behind this alert", ["What was seen", "Value", "Own usual", "When", "Source"], rows)));
}

function evidence(alert, zone, brief) {
  if (alert.evidence.length === 0) return null;
  return brief ? evidenceList(alert, zone) : evidenceTable(alert, zone);
}

function deliveries(alert, zone) {
  const rows = alert.deliveries.map((delivery) => [
    CHANNEL_WORD[delivery.channel] ?? delivery.channel,
    delivery.channel === "in_app" ? "whoever has it open" : delivery.recipient,
    h("span", { class: "delivery", data: { status: delivery.status } },
      DELIVERY_WORD[delivery.status] ?? delivery.status,
      delivery.attempts > 1 && ` after ${delivery.attempts} tries`),
    moment(delivery.updated_at, now(), zone),
  ]);
  return h("section", { class: "alert-part" }, h("h3", {}, "Who was told"),
    rows.length === 0
      ? h("p", { class: "hint" }, "Nothing was sent outside this portal.")
      : h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Who was told" },
        table("Who was told", ["Channel", "To", "Status", "When"], rows)));
}

const DONE = { acknowledge: "Acknowledged", snooze: "Alerts are off for now", resolve: "Closed" };
const BECOMES = { acknowledge: "acknowledged", snooze: "snoozed", resolve: "resolved" };

/**
 * A card that shows an alert and lets people act on it.
 *
 * @param alert the episode
 * @param options `zone`: the person's time zone; `mayAct`: whether buttons are shown; `brief`: without
 *   deliveries, with a link to the alert's own page; `onChange(alert)`: told after a verb was accepted
 * @returns `element`, and `show(alert)` for a newer version of it
 */
export function alertCard(alert, { zone, mayAct, brief = false, onChange = () => {} }) {
  const element = h("article", { class: brief ? "alert-card alert-brief" : "alert-card", "aria-labelledby": `head-${alert.id}` });
  let current = alert;
  let busy = false;

  async function act(verb, untilMs) {
    if (busy) return;
    busy = true;
    const before = current;
    // Shown at once; taken back if the server refuses, since a click that did nothing must not look done.
    paint({ ...before, state: BECOMES[verb], snoozed_until: untilMs ?? null });
    try {
      const body = untilMs === undefined ? undefined : { until: untilMs };
      const answer = await ask(`/api/alerts/${encodeURIComponent(before.id)}/${verb}`, { method: "POST", body });
      busy = false;
      paint(answer);
      toast(verb === "snooze" ? `Alerts are off until ${moment(untilMs, now(), zone)}` : DONE[verb]);
      onChange(answer);
    } catch (error) {
      busy = false;
      paint(before);
      const words = `Not ${BECOMES[verb]}: ${error.message}. Nothing has changed; try again.`;
      toast(words, "problem");
      announce(words);
    }
  }

  function button(label, verb, kind, until) {
    const wait = () => (until === undefined ? act(verb) : act(verb, until()));
    return h("button", { type: "button", class: kind, data: { verb }, "aria-disabled": busy ? "true" : null, on: { click: wait } }, label);
  }

  function verbs() {
    if (!mayAct || current.state === "resolved") return null;
    return h("div", { class: "verbs" },
      h("div", { class: "verb-row" },
        current.state === "triggered" && button("Acknowledge: I am on it", "acknowledge", "primary-button"),
        button("Close the episode", "resolve", "plain-button")),
      h("div", { class: "verb-row", role: "group", "aria-label": "Switch alerts off for a while" },
        h("span", { class: "verb-label" }, icon("bell_off"), "Alerts off for"),
        button("15 min", "snooze", "plain-button", () => now() + 15 * MINUTE),
        button("1 hour", "snooze", "plain-button", () => now() + HOUR),
        button("until tomorrow 08:00", "snooze", "plain-button", () => tomorrowAt(8, now(), zone))),
      h("p", { class: "hint" }, "While off, only something worse is told."));
  }

  function closing() {
    if (current.state !== "resolved") return null;
    return h("p", { class: "closing" }, "This episode is closed. If the person feels ill, call for help.");
  }

  function paint(next) {
    current = next;
    const focused = element.contains(document.activeElement) ? document.activeElement.dataset.verb : null;
    element.dataset.level = next.level;
    element.dataset.state = next.state;
    element.dataset.alert = next.id;
    const heading = h("h2", { id: `head-${alert.id}` }, brief ? h("a", { href: `/alerts/${next.id}` }, next.summary) : next.summary);
    const held = next.state === "snoozed" && next.snoozed_until ? `until ${clock(next.snoozed_until, zone)}` : "";
    fill(element,
      h("header", { class: "alert-head" },
        h("p", { class: "alert-chips" }, levelChip(next.level),
          !next.summary.startsWith(LEVEL_MEANING[next.level]) && h("span", { class: "meaning" }, LEVEL_MEANING[next.level]),
          stateChip(next.state, held)),
        heading, timeline(next, zone)),
      closing(),
      h("div", { class: "alert-do" }, firstSteps(next), verbs()),
      evidence(next, zone, brief),
      brief
        ? h("p", { class: "more" }, h("a", { href: `/alerts/${next.id}` }, whatIsMore(next)))
        : deliveries(next, zone));
    if (focused) (element.querySelector(`[data-verb=${focused}]`) ?? element.querySelector("button, a"))?.focus();
  }

  paint(alert);
  // A newer version from the stream waits while our own verb is under way: its answer is newer still.
  return { element, show: (next) => !busy && paint(next) };
}

/** "Alerts are off until 18:00": always on screen while it is so. */
export function alertsOff(until, zone) {
  if (!until || until <= now()) return null;
  return h("p", { class: "alerts-off", role: "status" }, icon("bell_off"),
    h("strong", {}, `Alerts are off until ${moment(until, now(), zone)}.`), " Only something worse will be told before that.");
}

/** One line about an episode that is over. */
export function pastAlert(alert, zone) {
  return h("li", { class: "past" }, levelChip(alert.level), h("a", { href: `/alerts/${alert.id}` }, alert.summary),
    h("span", { class: "hint" }, `${moment(alert.started_at, now(), zone)}, ${span((alert.resolved_at ?? now()) - alert.started_at)}`));
}

