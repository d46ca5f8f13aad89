// How things are said: levels, times, durations, quantities, in the language that was chosen. "Fine" and "all
// clear" are words we do not have, in any language.

/** The sentences that portal and phone share, in English; `{name}` stands for a fact. */
export const ENGLISH = {
  "date.locale": "en-GB",
  "number.decimal": ".",

  "level.critical": "Critical",
  "level.warning": "Warning",
  "level.info": "Info",
  "status.critical": "Critical",
  "status.warning": "Warning",
  "status.info": "Info",
  "status.unknown": "Unknown",
  "status.learning": "Learning",
  "status.usual": "No open alert",
  "state.triggered": "Open",
  "state.acknowledged": "Acknowledged",
  "state.snoozed": "Snoozed",
  "state.resolved": "Resolved",
  "meaning.critical": "Act now",
  "meaning.warning": "Contact a clinician within 24 hours",
  "meaning.info": "Be aware",

  "span.under_a_minute": "under a minute",
  "span.minutes": "{minutes} min",
  "span.hours": "{hours} h",
  "span.hours_minutes": "{hours} h {minutes} min",
  "span.days": "{days} days",
  "ago": "{span} ago",
  "ago.just_now": "just now",
  "moment.yesterday": "yesterday {clock}",
  "moment.tomorrow": "tomorrow {clock}",
  "moment.date": "{date} {clock}",

  "learning.none": "Learning has not begun: no reading yet",
  "learning.silent": "Learning, day {days} of 30: only absolute safety limits and forecasts raise alerts",
  "learning.soft": "Day {days}: soft alerts, which ask whether something was unusual",
  "learning.full": "Day {days}: full alerts",
  "learning.adapting": "{days} days learned, adapting daily",

  "tile.learning": "still learning their usual",
  "tile.usual": "usual {low}–{high}",
  "tile.above": "{beyond} above expected",
  "tile.below": "{beyond} below expected",
  "tile.above_for": "{beyond} above expected for {span}",
  "tile.below_for": "{beyond} below expected for {span}",

  "channel.in_app": "This portal",
  "channel.webhook": "Webhook",
  "delivery.pending": "On its way",
  "delivery.delivered": "Delivered",
  "delivery.failed": "Failed",
  "delivery.tries": " after {tries} tries",
  "delivery.whoever": "whoever has it open",

  "link.connecting": "Connecting",
  "link.live": "Live",
  "link.lost": "Reconnecting",
  "link.signed_out": "Signed out",
  "link.lost_since": "Connection lost at {clock}. What you see may be out of date; reconnecting.",
  "link.gone": "You are signed out, so nothing new is shown. ",
  "link.sign_in": "Sign in again",
  "theme.light": "Light",
  "theme.dark": "Dark",
  "theme.to_light": "Light theme",
  "theme.to_dark": "Dark theme",
  "sign_out.failed": "You are still signed in: {why}",

  "alert.since": "Since {moment} ({span})",
  "alert.told": "told at {moment}",
  "alert.acknowledged_at": "acknowledged at {moment}",
  "alert.closed_at": "closed at {moment}",
  "alert.until": "until {clock}",
  "alert.more_facts": { one: "{n} more fact, and who was told", other: "{n} more facts, and who was told" },
  "alert.glance": "What to do, and why",
  "alert.more": "Who was told, and everything else",
  "alert.first": "What to do first",
  "alert.call_now": "If the person is unwell, call emergency services now.",
  "alert.call": "Call {number}",
  "alert.call_local": "or your local emergency number. Nobody has been called for you.",
  "alert.why": "Why",
  "alert.evidence": "Why: the evidence",
  "alert.evidence_region": "Evidence",
  "alert.evidence_caption": "Evidence behind this alert",
  "alert.seen": "What was seen",
  "alert.value": "Value",
  "alert.own_usual": "Own usual",
  "alert.when": "When",
  "alert.source": "Source",
  "alert.told_whom": "Who was told",
  "alert.told_nobody": "Nothing was sent outside this portal.",
  "alert.channel": "Channel",
  "alert.to": "To",
  "alert.status": "Status",
  "alert.acknowledge": "Acknowledge: I am on it",
  "alert.resolve": "Close the episode",
  "alert.off_group": "Switch alerts off for a while",
  "alert.off_for": "Alerts off for",
  "alert.15_min": "15 min",
  "alert.1_hour": "1 hour",
  "alert.until_then": "until {moment}",
  "alert.off_hint": "While off, only something worse is told.",
  "alert.done_acknowledge": "Acknowledged",
  "alert.done_snooze": "Alerts are off until {moment}",
  "alert.done_resolve": "Closed",
  "alert.not_acknowledge": "Not acknowledged: {why}. Nothing has changed; try again.",
  "alert.not_snooze": "Not snoozed: {why}. Nothing has changed; try again.",
  "alert.not_resolve": "Not resolved: {why}. Nothing has changed; try again.",
  "alert.over": "This episode is closed. If the person feels ill, call for help.",
  "alert.off_until": "Alerts are off until {moment}.",
  "alert.off_worse": " Only something worse will be told before that.",
};

let sentences = ENGLISH;
let plurals = new Intl.PluralRules("en");

/** Speak another language from here on; `table` holds every key of `ENGLISH` and whatever else its page says. */
export function speak(language, table) {
  sentences = table;
  plurals = new Intl.PluralRules(language);
}

/** Whether there are words for this. */
export const hasWords = (key) => key in sentences;

/** A sentence with its facts filled in; one that counts chooses its form by `facts.n`. */
export function say(key, facts = {}) {
  let sentence = sentences[key];
  if (typeof sentence === "object") sentence = sentence[plurals.select(facts.n)] ?? sentence.other;
  if (sentence === undefined) {
    console.error(`no words for “${key}”`);
    return key;
  }
  return sentence.replace(/\{(\w+)\}/g, (all, name) => facts[name] ?? all);
}

/** The words for something the server names, or its own name where it is newer than our words. */
const sayOr = (key, own) => (hasWords(key) ? say(key) : own);

export const levelWord = (level) => sayOr(`level.${level}`, level);
export const statusWord = (status) => sayOr(`status.${status}`, status);
export const stateWord = (state) => sayOr(`state.${state}`, state);
/** What a level asks for. */
export const levelMeaning = (level) => sayOr(`meaning.${level}`, level);
/** Channels and what became of a message. */
export const channelWord = (channel) => sayOr(`channel.${channel}`, channel);
export const deliveryWord = (status) => sayOr(`delivery.${status}`, status);

/** Worst first; the server sorts in the same order. Unknown comes before all that has fresh readings. */
export const STATUS_ORDER = ["critical", "warning", "info", "unknown", "learning", "usual"];

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Days of silent learning, of soft alerts, of full alerts: the end of each phase, in days with data. */
export const PHASE_ENDS = { silent: 30, soft: 60, full: 90 };

const UNIT_WORD = { "Cel": "°C", "mm[Hg]": "mmHg", "1": "", "m/s2": "m/s²" };
const TENTHS = new Set(["body_temperature", "activity_level", "ambient_temperature", "body_weight", "tremor_frequency"]);

/** A UCUM unit as people write it. */
export const unitWord = (unit) => UNIT_WORD[unit] ?? unit;

const written = (number) => number.replace("-", "−").replace(".", say("number.decimal"));

/** A metric's value without its unit, with the digits that mean something. */
export function digits(metric, value) {
  if (value === null || value === undefined) return "–";
  return written(value.toFixed(TENTHS.has(metric) ? 1 : 0));
}

/** Expected ± spread; the spread keeps two digits, since "± 1" could be half as much again. */
export const around = (metric, expected, spread) =>
  `${digits(metric, expected)} ± ${written(String(Number(spread.toPrecision(2))))}`;

/** A value with its unit: "84 /min", "97 %", "36.8 °C". */
export const quantity = (metric, value, unit) => `${digits(metric, value)} ${unitWord(unit)}`.trim();

let translated = (text) => text;

/** How sentences of the server, which come in English, are said in the language chosen. */
export function translateBy(translate) {
  translated = translate;
}

/** A sentence of the server in our language, with its units as people write them. */
export const plain = (text) => translated(text.replaceAll(" Cel", " °C").replaceAll("mm[Hg]", "mmHg"));

/** Words of the server that stand alone: with a capital and a full stop. */
export const sentence = (text) => text && `${text[0].toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;

/** How long: "just now" is not a duration, so below a minute it is "under a minute". */
export function span(milliseconds) {
  const minutes = Math.floor(Math.max(0, milliseconds) / MINUTE);
  if (minutes < 1) return say("span.under_a_minute");
  if (minutes < 60) return say("span.minutes", { minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 10 && minutes % 60 >= 5) return say("span.hours_minutes", { hours, minutes: minutes % 60 });
  if (hours < 48) return say("span.hours", { hours });
  return say("span.days", { days: Math.floor(hours / 24) });
}

/** How long ago. */
export const ago = (milliseconds) => (milliseconds < MINUTE ? say("ago.just_now") : say("ago", { span: span(milliseconds) }));

const formats = new Map();
function formatted(time, zone, options, locale = "en-GB") {
  const key = `${locale} ${zone} ${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: "h23", ...options }));
  return formats.get(key).format(time);
}

/** Time of day where the person is: "18:00". */
export const clock = (time, zone) => formatted(time, zone, { hour: "2-digit", minute: "2-digit" });

const dayOf = (time, zone) => formatted(time, zone, { year: "numeric", month: "2-digit", day: "2-digit" });

/** A moment as one would say it: "13:20", "yesterday 13:20", "12 Mar 13:20". */
export function moment(time, now, zone) {
  const at = clock(time, zone);
  const day = dayOf(time, zone);
  if (day === dayOf(now, zone)) return at;
  if (day === dayOf(now - DAY, zone)) return say("moment.yesterday", { clock: at });
  if (day === dayOf(now + DAY, zone)) return say("moment.tomorrow", { clock: at });
  return say("moment.date", { date: formatted(time, zone, { day: "numeric", month: "short" }, say("date.locale")), clock: at });
}

/** The person's own hour of day, 0–23. */
export const hourIn = (time, zone) => Number(formatted(time, zone, { hour: "2-digit" }));

/** The next `hour` o'clock where the person is: epoch ms. At most a day away, as a snooze may be. */
export function nextAt(hour, now, zone) {
  // Walk the quarter hours: exact over a change to or from summer time, whichever way it goes.
  let time = (Math.floor(now / (15 * MINUTE)) + 1) * 15 * MINUTE;
  while (clock(time, zone) !== `${String(hour).padStart(2, "0")}:00`) time += 15 * MINUTE;
  return time;
}

/** Where a value stands against the person's own range: which side, in words, and the range itself. */
export function standingOf(metric, { stale, now }) {
  if (!metric.ready || metric.low === null) return { side: null, words: null, usual: say("tile.learning") };
  const usual = say("tile.usual", { low: digits(metric.metric, metric.low), high: digits(metric.metric, metric.high) });
  // A stale value says nothing about now, so it is neither above nor below anything.
  const side = stale ? null : metric.value > metric.high ? "above" : metric.value < metric.low ? "below" : null;
  if (!side) return { side, words: null, usual };
  const beyond = digits(metric.metric, Math.abs(metric.value - metric.expected));
  if (!metric.since_at) return { side, words: say(`tile.${side}`, { beyond }), usual };
  return { side, words: say(`tile.${side}_for`, { beyond, span: span(now - metric.since_at) }), usual };
}

/** Where the learning stands, in one line. */
export function learning(phase, days) {
  if (days === 0) return say("learning.none");
  return sayOr(`learning.${phase}`, "") && say(`learning.${phase}`, { days: phase === "silent" ? Math.min(days, 30) : days });
}
