// One episode: what, since when, what to do first, the evidence, who was told, and the three verbs.

import { fill, h, icon, levelChip, stateChip, table } from "./elements.js";
import { announce, now, toast } from "./frame.js";
import { ask, Refused } from "./server.js";
import {
  HOUR, MINUTE, around, channelWord, clock, deliveryWord, digits, hasWords, levelMeaning, moment, nextAt, quantity, say, saying, sentence, span,
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

/** Whoever did it, as the house names them: a name or a role, never an id. */
const byWhom = (by) => (by ? say("alert-by", { who: by }) : "");

/** "First sign 13:20, 42 min ago · told at 13:24", and who has it in hand or how it ended. */
function timeline(alert, zone) {
  const at = (time) => moment(time, now(), zone);
  const length = span((alert.resolved_at ?? now()) - alert.started_at);
  const parts = [
    say(alert.resolved_at ? "alert-lasted" : "alert-since", { moment: at(alert.started_at), span: length }), say("alert-told", { moment: at(alert.raised_at) }),
  ];
  if (alert.acknowledged_at) parts.push(say("alert-acknowledged-at", { moment: at(alert.acknowledged_at), by: byWhom(alert.acknowledged_by) }));
  const closed = alert.closed_by_hand;
  if (closed) parts.push(say("alert-closed-by-hand-at", { moment: at(closed.at), by: byWhom(closed.by) }));
  else if (alert.resolved_at) parts.push(say("alert-closed-at", { moment: at(alert.resolved_at) }));
  return h("p", { class: "alert-times" }, parts.join(" · "));
}

/** What a level asks for, with the hours that the alert itself gives for it. */
export const meaningOf = (alert) => {
  const timed = `meaning-${alert.level}-within-${alert.within_h}`;
  return alert.within_h && hasWords(timed) ? say(timed) : levelMeaning(alert.level);
};

/** Somebody closed it although its signs stand: the house still counts the person by them. */
export const isHeld = (alert) => Boolean(alert.closed_by_hand) && alert.state === "resolved" && (alert.standing ?? []).length > 0;

const BRIEF_EVIDENCE = 4;

/** What the alert's own page holds beyond the short card. */
function whatIsMore(alert) {
  const facts = alert.evidence.length - BRIEF_EVIDENCE;
  return facts <= 0 ? say("alert-more") : say("alert-more-facts", { n: facts });
}

function firstSteps(alert, numbers, glance) {
  const urgent = alert.level === "critical" && (alert.state !== "resolved" || isHeld(alert));
  const advice = glance ? [] : alert.advice.map((step) => h("li", {}, saying(step.said, step.action), h("cite", { class: "source" }, saying(step.cited, step.source))));
  const call = urgent && h("div", { class: "call-first" },
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

/** One line for each channel and receiver, with how often it was told; an id says nothing to a reader. */
function deliveries(alert, zone, narrow) {
  const told = new Map();
  for (const delivery of alert.deliveries) {
    const key = `${delivery.channel} ${delivery.recipient}`;
    told.set(key, { ...(told.get(key) ?? {}), ...delivery, times: (told.get(key)?.times ?? 0) + 1 });
  }
  const rows = [...told.values()].map((delivery) => [
    channelWord(delivery.channel),
    say(delivery.channel === "in_app" ? "delivery-whoever" : "delivery-outside"),
    h("span", { class: "delivery", data: { status: delivery.status } },
      deliveryWord(delivery.status), delivery.times > 1 && ` (${say("delivery-times", { n: delivery.times })})`,
      delivery.attempts > 1 && ` ${say("delivery-tries", { tries: delivery.attempts })}`),
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

// ---------------------------------------------------------------- what people do with it
// A click carries the version that was on screen. Where the house has told more since, it answers with what is new
// and does nothing; that is shown first, and the next click means it.

const REASONS = ["treated", "measuring_error", "usual_for_them", "other"];
const LONGEST_NOTE = 200;
const BECOMES = { acknowledge: "acknowledged", snooze: "snoozed", resolve: "resolved" };

/** For how long an alert may be put off: a critical one for as long as the house allows at most, others until morning. */
const CRITICAL_SNOOZE_MS = 30 * MINUTE;

/**
 * The buttons of one alert card.
 *
 * @param card `current()`: the alert as shown; `paint(alert)`: show another version; `zone`, `glance`, `mayAct`,
 *   `onChange`, `later` as in `alertCard`
 * @returns a function that builds the bar anew, with `busy()`: whether a verb is under way
 */
function verbBar({ current, paint, zone, glance, mayAct, onChange, later }) {
  let busy = false;
  /** What is open in the bar: "" or "closing", with what was chosen and written in it. */
  let asking = "";
  let reason = null;
  let noted = "";
  /** What was new when the last click was refused. */
  let fresh = [];

  async function act(verb, more = {}) {
    if (busy) return;
    busy = true;
    const before = current();
    const seen = before.version === undefined ? {} : { seen: before.version };
    const body = verb === "reopen" || verb === "answer" ? more : { ...seen, ...more };
    fresh = [];
    // Shown at once; taken back if the house refuses, since a click that did nothing must not look done.
    if (verb in BECOMES) paint({ ...before, state: BECOMES[verb], snoozed_until: more.until ?? null });
    try {
      const answer = await ask(`/api/alerts/${encodeURIComponent(before.id)}/${verb}`, { method: "POST", body: Object.keys(body).length > 0 ? body : undefined });
      busy = false;
      [asking, reason, noted] = ["", null, ""];
      const next = answer?.id ? answer : before;
      paint(next);
      toast(say(`alert-done-${verb}`, { moment: moment(more.until ?? now(), now(), zone) }));
      onChange(next);
    } catch (error) {
      busy = false;
      if (later && verb === "acknowledge" && !(error instanceof Refused)) await keptForLater(before, verb, body);
      else refused(verb, before, error);
    }
  }

  /** Nobody answers: it is kept, sent by itself, and said to be on its way until then. */
  async function keptForLater(before, verb, body) {
    await later(`/api/alerts/${encodeURIComponent(before.id)}/${verb}`, body);
    paint({ ...before, unsent: verb });
    toast(say("alert-kept-acknowledge"));
    announce(say("alert-kept-acknowledge"));
  }

  function refused(verb, before, error) {
    const stands = error instanceof Refused && error.status === 409 ? error.problem?.alert : null;
    if (stands) {
      fresh = error.problem.new ?? [];
      paint(stands);
      onChange(stands);
      announce([say("alert-overtaken"), ...fresh.map(signWords)].join(" "));
      return;
    }
    paint(before);
    const said = say(`alert-not-${verb}`, { why: error instanceof Refused ? error.message : say("nobody-answers") });
    toast(said, "problem");
    announce(said);
  }

  function button(label, verb, kind, click) {
    return h("button", { type: "button", class: `${kind}-button`, data: { verb }, "aria-disabled": busy ? "true" : null, on: { click } }, label);
  }

  const again = () => paint(current());

  function overtaken() {
    return fresh.length > 0 && h("div", { class: "overtaken", role: "alert" }, h("strong", {}, say("alert-overtaken")),
      h("ul", { class: "facts-list" }, fresh.map((sign) => h("li", {}, signWords(sign)))), h("p", {}, say("alert-overtaken-then")));
  }

  function snoozes() {
    const critical = current().level === "critical";
    const until = (label, time) => button(label, "snooze", "plain", () => act("snooze", { until: time() }));
    const morning = () => nextAt(8, now(), zone);
    return h("div", { class: "verb-row", role: "group", "aria-label": say("alert-off-group") },
      h("span", { class: "verb-label" }, icon("bell_off"), say("alert-off-for")),
      until(say("alert-15-min"), () => now() + 15 * MINUTE),
      critical ? until(say("alert-30-min"), () => now() + CRITICAL_SNOOZE_MS) : [
        until(say("alert-1-hour"), () => now() + HOUR),
        until(say("alert-until-then", { moment: moment(morning(), now(), zone) }), morning)]);
  }

  /** "Close" is asked back: with the signs that stand and why, or whether it is meant. */
  function closing() {
    const signs = current().standing ?? [];
    const note = h("input", { type: "text", maxlength: LONGEST_NOTE, class: "close-note", id: `note-${current().id}`, value: noted,
      data: { verb: "note" }, on: { input: () => { noted = note.value; } } });
    const problem = h("p", { class: "hint", role: "alert" });
    const close = () => {
      if (signs.length > 0 && !reason) {
        fill(problem, say("alert-close-choose"));
        return;
      }
      act("resolve", { ...(reason && { reason }), ...(noted.trim() && { note: noted.trim() }) });
    };
    const chips = h("div", { class: "verb-row" }, REASONS.map((code) => {
      const radio = h("input", { type: "radio", name: `why-${current().id}`, value: code, checked: code === reason, on: { change: () => { reason = code; fill(problem); } } });
      return h("label", { class: "reason" }, radio, h("span", {}, say(`alert-reason-${code}`)));
    }));
    return h("div", { class: "close-why", role: "group", "aria-label": say("alert-resolve") },
      signs.length > 0
        ? [h("p", {}, h("strong", {}, say("alert-close-stands"))),
          h("ul", { class: "facts-list" }, signs.map((sign) => h("li", {}, signWords(sign)))),
          h("fieldset", { class: "reasons" }, h("legend", {}, say("alert-close-why")), chips),
          h("label", { class: "close-label", for: note.id }, say("alert-close-note")), note, problem,
          h("p", { class: "hint" }, say("alert-close-then"))]
        : h("p", {}, h("strong", {}, say("alert-close-sure"))),
      h("div", { class: "verb-row" }, button(say("alert-close-yes"), "resolve", "primary", close),
        button(say("alert-close-no"), "keep", "plain", () => { asking = ""; again(); })));
  }

  function soft() {
    if (!current().answerable) return current().answer ? h("p", { class: "hint" }, say(`alert-answered-${current().answer}`)) : null;
    const answer = (code) => button(say(`alert-answer-${code}`), `answer-${code}`, "plain", () => act("answer", { answer: code }));
    return h("div", { class: "verb-row", role: "group", "aria-label": say("alert-answer-group") },
      h("span", { class: "verb-label" }, say("alert-answer-group")), answer("usual"), answer("unusual"));
  }

  function bar() {
    const alert = current();
    if (!mayAct) return null;
    if (alert.state === "resolved") {
      const undo = alert.closed_by_hand && (alert.standing ?? []).length > 0;
      return undo && h("div", { class: "verbs" }, overtaken(), h("div", { class: "verb-row" }, button(say("alert-reopen"), "reopen", "plain", () => act("reopen"))));
    }
    const taken = alert.state === "triggered" && !alert.unsent && button(say("alert-acknowledge"), "acknowledge", "primary", () => act("acknowledge"));
    if (glance) return (taken || alert.answerable) && h("div", { class: "verb-row" }, overtaken(), taken, soft());
    return h("div", { class: "verbs" }, overtaken(), taken && h("div", { class: "verb-row" }, taken), soft(), snoozes(),
      h("p", { class: "hint" }, say(alert.level === "critical" ? "alert-off-hint-critical" : "alert-off-hint")),
      asking === "closing" ? closing() : h("div", { class: "verb-row verb-close" }, button(say("alert-resolve"), "close", "quiet", () => {
        asking = "closing";
        again();
      })));
  }
  bar.busy = () => busy;
  return bar;
}

// ---------------------------------------------------------------- the card

/** Mobile phones lead one of the two to emergency services nearly everywhere. */
const ANYWHERE = ["112", "911"];
const PORTAL = "/alerts";

/**
 * A card that shows an alert and lets people act on it.
 *
 * @param alert the episode
 * @param options `zone`: the person's time zone; `mayAct`: whether buttons are shown; `brief`: without
 *   deliveries, with a link to the alert's own page; `glance`: of a brief card only the head, the call and the
 *   first verb; `narrow`: lists instead of tables; `numbers` to call, the local one when it is known; `place`:
 *   the path that alerts have their pages under; `onChange(alert)`: told after a verb was accepted;
 *   `later(path, body)`: keeps an acknowledgement while nobody answers
 * @returns `element`, and `show(alert)` for a newer version of it
 */
export function alertCard(alert, options) {
  const { zone, mayAct, brief = false, glance = false, narrow = false, numbers = ANYWHERE, place = PORTAL, onChange = () => {}, later = null } = options;
  const element = h("article", { class: brief ? "alert-card alert-brief" : "alert-card", "aria-labelledby": `head-${alert.id}` });
  let current = alert;
  const bar = verbBar({ current: () => current, paint, zone, glance, mayAct, onChange, later });

  function closing() {
    if (current.state !== "resolved") return null;
    if (!isHeld(current)) return h("p", { class: "closing" }, say("alert-over"));
    const { reason, note } = current.closed_by_hand;
    const why = [reason && say(`alert-reason-${reason}`), note].filter(Boolean).join(": ");
    return h("div", { class: "closing closing-held", role: "status" },
      h("p", {}, h("strong", {}, say("alert-held", { level: current.level }))),
      why && h("p", {}, say("alert-held-why", { why })),
      standingList(current, zone));
  }

  function paint(next) {
    current = next;
    const focused = element.contains(document.activeElement) ? document.activeElement.dataset.verb : null;
    element.dataset.level = next.level;
    element.dataset.state = next.state;
    element.dataset.held = isHeld(next) ? "yes" : "";
    element.dataset.alert = next.id;
    const summary = saying(next.said, next.summary);
    const meaning = meaningOf(next);
    const heading = h("h2", { id: `head-${alert.id}` }, brief ? h("a", { href: `${place}/${next.id}` }, summary) : summary);
    const until = next.state === "snoozed" && next.snoozed_until ? say("alert-until", { clock: clock(next.snoozed_until, zone) }) : "";
    fill(element,
      h("header", { class: "alert-head" },
        h("p", { class: "alert-chips" }, levelChip(next.level),
          !summary.startsWith(meaning) && h("span", { class: "meaning" }, meaning),
          isHeld(next) ? stateChip("closed-by-hand") : stateChip(next.state, until)),
        heading, timeline(next, zone)),
      closing(),
      next.unsent && h("p", { class: "kept-note", role: "status" }, say("alert-unsent")),
      h("div", { class: "alert-do" }, firstSteps(next, numbers, glance), bar()),
      evidence(next, zone, { brief, glance, narrow }),
      next.closes && !glance && h("p", { class: "hint" }, sentence(saying(next.closes_said, next.closes))),
      brief
        ? h("p", { class: "more" }, h("a", { href: `${place}/${next.id}` }, glance ? say("alert-glance") : whatIsMore(next)))
        : deliveries(next, zone, narrow));
    if (focused) (element.querySelector(`[data-verb=${focused}]`) ?? element.querySelector("button, a"))?.focus();
  }

  paint(alert);
  // A newer version from the stream waits while our own verb is under way: its answer is newer still. An older one
  // comes from an answer that the stream has overtaken.
  return { element, show: (next) => !bar.busy() && (next.id !== current.id || next.updated_at >= current.updated_at) && paint(next) };
}

/** The signs that stand now, each with its newest value. */
export function standingList(alert, zone) {
  return h("ul", { class: "facts-list standing-signs" }, (alert.standing ?? []).map((sign) => h("li", {}, signWords(sign),
    sign.at && h("span", { class: "source" }, moment(sign.at, now(), zone)))));
}

/** One sign in words: what the house says of it, else its rule's words, with the value. */
export function signWords(sign) {
  if (sign.said || sign.text) return saying(sign.said, sign.text);
  const rule = say(`rule-${sign.rule}`);
  return sign.value === null || sign.value === undefined || !sign.metric ? rule
    : say("evidence-standing-sign", { metric: sign.metric, value: sign.value, rule });
}

const notice = (level, ...children) => h("p", { class: "alerts-off", role: "status", data: { level } }, ...children);

/**
 * What has to be said wherever a person is shown: that alerts are off, that somebody closed by hand what still
 * stands, that a device's clock is wrong.
 */
export function notices(person, { zone = person.timezone, place = PORTAL } = {}) {
  const { alerts_off: off, alerts_off_until: until, closed_by_hand: closed, clock_problems: clocks = [] } = person;
  return [
    closed && notice(closed.level, icon(closed.level), h("strong", {}, say("alert-held", { level: closed.level })),
      " ", h("a", { href: `${place}/${closed.alert_id}` }, say("alert-held-by", { moment: moment(closed.at, now(), zone), by: byWhom(closed.by) }))),
    off && notice("unknown", icon("bell_off"), h("strong", {}, say("alert-off-always")), ` ${say("alert-off-nothing-told")}`),
    until > now() && notice("unknown", icon("bell_off"),
      h("strong", {}, say("alert-off-until", { moment: moment(until, now(), zone) })), ` ${say("alert-off-worse")}`),
    clocks.map((problem) => notice("warning", icon("warning"), saying(problem.said, problem.text))),
  ].flat().filter(Boolean);
}

/** One line about an episode that is over. */
export function pastAlert(alert, zone, place = PORTAL) {
  return h("li", { class: "past" }, levelChip(alert.level), h("a", { href: `${place}/${alert.id}` }, saying(alert.said, alert.summary)),
    h("span", { class: "hint" }, say("alert-past", { moment: moment(alert.started_at, now(), zone), span: span((alert.resolved_at ?? now()) - alert.started_at) })));
}

