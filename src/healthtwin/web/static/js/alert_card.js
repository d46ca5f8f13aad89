// One episode: what, since when, what to do first, the evidence, who was told, and the three verbs.

import { fill, h, icon, levelChip, stateChip, table } from "./elements.js";
import { announce, now, toast } from "./frame.js";
import { ask } from "./server.js";
import {
  HOUR, MINUTE, around, channelWord, clock, deliveryWord, digits, levelMeaning, moment, nextAt, quantity, say, saying, span,
} from "./words.js";

/** Worst first, then what nobody has taken yet, then the newest. */
export function byUrgency(a, b) {
  const rank = { critical: 0, warning: 1, info: 2 };
  const taken = { triggered: 0, acknowledged: 1, snoozed: 2, resolved: 3 };
  return rank[a.level] - rank[b.level] || taken[a.state] - taken[b.state] || b.started_at - a.started_at;
}

/**
 * Put an alert into a map by id, unless a newer version of it stands there: an answer that was under way while the
 * stream told something must not undo it. An episode that was renamed replaces itself: one may be open per dedup key.
 */
export function keepAlert(alerts, alert) {
  if (alerts.get(alert.id)?.updated_at > alert.updated_at) return;
  for (const other of alerts.values()) {
    const same = other.person === alert.person && other.dedup_key === alert.dedup_key;
    if (same && other.id !== alert.id && other.state !== "resolved" && alert.state !== "resolved") alerts.delete(other.id);
  }
  alerts.set(alert.id, alert);
}

/** Take over what the house answered to "which alerts": what it does not name is gone, but for what was `heard` since. */
export function keepAlerts(alerts, answer, heard = new Set()) {
  const named = new Set(answer.map((alert) => alert.id));
  for (const id of [...alerts.keys()]) if (!named.has(id) && !heard.has(id)) alerts.delete(id);
  for (const alert of answer) keepAlert(alerts, alert);
}

/** "since 13:20 (42 min) · told at 13:24", and how it ended or is held. */
function timeline(alert, zone) {
  const at = (time) => moment(time, now(), zone);
  const length = span((alert.resolved_at ?? now()) - alert.started_at, "alone");
  const parts = [
    say("alert-since", { moment: at(alert.started_at), span: length }), say("alert-told", { moment: at(alert.raised_at) }),
  ];
  if (alert.acknowledged_at) parts.push(say("alert-acknowledged-at", { moment: at(alert.acknowledged_at) }));
  if (alert.resolved_at) parts.push(say("alert-closed-at", { moment: at(alert.resolved_at) }));
  return h("p", { class: "alert-times" }, parts.join(" · "));
}

const BRIEF_EVIDENCE = 4;

/** What the alert's own page holds beyond the short card. */
function whatIsMore(alert) {
  const facts = alert.evidence.length - BRIEF_EVIDENCE;
  return facts <= 0 ? say("alert-more") : say("alert-more-facts", { n: facts });
}

function firstSteps(alert, numbers, glance) {
  const advice = glance ? [] : alert.advice.map((step) => h("li", {}, saying(step.said, step.action), h("cite", { class: "source" }, saying(step.cited, step.source))));
  const call = alert.level === "critical" && alert.state !== "resolved" && h("div", { class: "call-first" },
    h("p", {}, h("strong", {}, say("alert-call-now"))),
    h("p", { class: "call-numbers" },
      numbers.map((number) => h("a", { class: "call-button", href: `tel:${number}` }, say("alert-call", { number }))),
      h("span", { class: "hint" }, say("alert-call-local"))));
  if (!call && advice.length === 0) return null;
  return h("section", { class: "alert-part" }, h("h3", {}, say("alert-first")), call,
    advice.length > 0 && h("ol", { class: "advice" }, advice));
}

const measured = (fact) => (fact.value === null || fact.value === undefined ? null : quantity(fact.metric, fact.value, fact.unit ?? "1"));

function usualOf(fact) {
  if (fact.expected === null || fact.expected === undefined) return null;
  return fact.spread ? around(fact.metric, fact.expected, fact.spread) : digits(fact.metric, fact.expected);
}

/** The heaviest evidence as a short list, for a page that shows the vitals themselves below it. */
function evidenceList(alert, zone, most = BRIEF_EVIDENCE) {
  const items = alert.evidence.slice(0, most).map((fact) => h("li", {}, saying(fact.said, fact.text),
    h("span", { class: "source" }, [fact.at && moment(fact.at, now(), zone), saying(fact.cited, fact.source)].filter(Boolean).join(" · "))));
  return h("section", { class: "alert-part alert-why" }, h("h3", {}, say("alert-why")), h("ul", { class: "facts-list" }, items));
}

function evidenceTable(alert, zone) {
  const rows = alert.evidence.map((fact) => [
    saying(fact.said, fact.text), measured(fact) ?? "–", usualOf(fact) ?? "–", fact.at ? moment(fact.at, now(), zone) : "–",
    h("span", { class: "source" }, saying(fact.cited, fact.source)),
  ]);
  return h("section", { class: "alert-part" }, h("h3", {}, say("alert-evidence")),
    h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": say("alert-evidence-region") },
      table(say("alert-evidence-caption"), ["seen", "value", "own_usual", "when", "source"].map((head) => say(`alert-${head}`)), rows)));
}

function evidence(alert, zone, { brief, glance, narrow }) {
  if (alert.evidence.length === 0 || glance) return null;
  if (brief) return evidenceList(alert, zone);
  return narrow ? evidenceList(alert, zone, alert.evidence.length) : evidenceTable(alert, zone);
}

function deliveries(alert, zone, narrow) {
  const rows = alert.deliveries.map((delivery) => [
    channelWord(delivery.channel),
    delivery.channel === "in_app" ? say("delivery-whoever") : delivery.recipient,
    h("span", { class: "delivery", data: { status: delivery.status } },
      deliveryWord(delivery.status), delivery.attempts > 1 && ` ${say("delivery-tries", { tries: delivery.attempts })}`),
    moment(delivery.updated_at, now(), zone),
  ]);
  return h("section", { class: "alert-part" }, h("h3", {}, say("alert-told-whom")), shownDeliveries(rows, narrow));
}

function shownDeliveries(rows, narrow) {
  if (rows.length === 0) return h("p", { class: "hint" }, say("alert-told-nobody"));
  if (narrow) {
    return h("ul", { class: "facts-list" }, rows.map(([channel, to, status, when]) =>
      h("li", {}, channel, ": ", status, h("span", { class: "source" }, `${to} · ${when}`))));
  }
  return h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": say("alert-told-whom") },
    table(say("alert-told-whom"), ["channel", "to", "status", "when"].map((head) => say(`alert-${head}`)), rows));
}

/** Mobile phones lead one of the two to emergency services nearly everywhere. */
const ANYWHERE = ["112", "911"];
const PORTAL = "/alerts";

const BECOMES = { acknowledge: "acknowledged", snooze: "snoozed", resolve: "resolved" };

/**
 * A card that shows an alert and lets people act on it.
 *
 * @param alert the episode
 * @param options `zone`: the person's time zone; `mayAct`: whether buttons are shown; `brief`: without
 *   deliveries, with a link to the alert's own page; `glance`: of a brief card only the head, the call and the
 *   first verb; `narrow`: lists instead of tables; `numbers` to call, the local one when it is known; `place`:
 *   the path that alerts have their pages under; `onChange(alert)`: told after a verb was accepted
 * @returns `element`, and `show(alert)` for a newer version of it
 */
export function alertCard(alert, options) {
  const { zone, mayAct, brief = false, glance = false, narrow = false, numbers = ANYWHERE, place = PORTAL, onChange = () => {} } = options;
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
      toast(say(`alert-done-${verb}`, { moment: moment(untilMs ?? now(), now(), zone) }));
      onChange(answer);
    } catch (error) {
      busy = false;
      paint(before);
      const words = say(`alert-not-${verb}`, { why: error.message });
      toast(words, "problem");
      announce(words);
    }
  }

  function button(label, verb, kind, until) {
    const wait = () => (until === undefined ? act(verb) : act(verb, until()));
    return h("button", { type: "button", class: kind, data: { verb }, "aria-disabled": busy ? "true" : null, on: { click: wait } }, label);
  }

  const morning = () => nextAt(8, now(), zone);

  function verbs() {
    if (!mayAct || current.state === "resolved") return null;
    if (glance) {
      return current.state === "triggered" && h("div", { class: "verb-row" }, button(say("alert-acknowledge"), "acknowledge", "primary-button"));
    }
    return h("div", { class: "verbs" },
      h("div", { class: "verb-row" },
        current.state === "triggered" && button(say("alert-acknowledge"), "acknowledge", "primary-button"),
        button(say("alert-resolve"), "resolve", "plain-button")),
      h("div", { class: "verb-row", role: "group", "aria-label": say("alert-off-group") },
        h("span", { class: "verb-label" }, icon("bell_off"), say("alert-off-for")),
        button(say("alert-15-min"), "snooze", "plain-button", () => now() + 15 * MINUTE),
        button(say("alert-1-hour"), "snooze", "plain-button", () => now() + HOUR),
        button(say("alert-until-then", { moment: moment(morning(), now(), zone) }), "snooze", "plain-button", morning)),
      h("p", { class: "hint" }, say("alert-off-hint")));
  }

  function closing() {
    if (current.state !== "resolved") return null;
    return h("p", { class: "closing" }, say("alert-over"));
  }

  function paint(next) {
    current = next;
    const focused = element.contains(document.activeElement) ? document.activeElement.dataset.verb : null;
    element.dataset.level = next.level;
    element.dataset.state = next.state;
    element.dataset.alert = next.id;
    const summary = saying(next.said, next.summary);
    const heading = h("h2", { id: `head-${alert.id}` }, brief ? h("a", { href: `${place}/${next.id}` }, summary) : summary);
    const held = next.state === "snoozed" && next.snoozed_until ? say("alert-until", { clock: clock(next.snoozed_until, zone) }) : "";
    fill(element,
      h("header", { class: "alert-head" },
        h("p", { class: "alert-chips" }, levelChip(next.level),
          !summary.startsWith(levelMeaning(next.level)) && h("span", { class: "meaning" }, levelMeaning(next.level)),
          stateChip(next.state, held)),
        heading, timeline(next, zone)),
      closing(),
      h("div", { class: "alert-do" }, firstSteps(next, numbers, glance), verbs()),
      evidence(next, zone, { brief, glance, narrow }),
      brief
        ? h("p", { class: "more" }, h("a", { href: `${place}/${next.id}` }, glance ? say("alert-glance") : whatIsMore(next)))
        : deliveries(next, zone, narrow));
    if (focused) (element.querySelector(`[data-verb=${focused}]`) ?? element.querySelector("button, a"))?.focus();
  }

  paint(alert);
  // A newer version from the stream waits while our own verb is under way: its answer is newer still. An older one
  // comes from an answer that the stream has overtaken.
  return { element, show: (next) => !busy && (next.id !== current.id || next.updated_at >= current.updated_at) && paint(next) };
}

/** "Alerts are off until 18:00": always on screen while it is so. */
export function alertsOff(until, zone) {
  if (!until || until <= now()) return null;
  return h("p", { class: "alerts-off", role: "status" }, icon("bell_off"),
    h("strong", {}, say("alert-off-until", { moment: moment(until, now(), zone) })), ` ${say("alert-off-worse")}`);
}

/** One line about an episode that is over. */
export function pastAlert(alert, zone, place = PORTAL) {
  return h("li", { class: "past" }, levelChip(alert.level), h("a", { href: `${place}/${alert.id}` }, saying(alert.said, alert.summary)),
    h("span", { class: "hint" }, say("alert-past", { moment: moment(alert.started_at, now(), zone), span: span((alert.resolved_at ?? now()) - alert.started_at) })));
}

