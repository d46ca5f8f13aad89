// How things are said: levels, times, durations, quantities. "Fine" and "all clear" are words we do not have.

export const LEVEL_WORD = { critical: "Critical", warning: "Warning", info: "Info" };

export const STATUS_WORD = {
  critical: "Critical", warning: "Warning", info: "Info", unknown: "Unknown", learning: "Learning", usual: "No open alert",
};

export const STATE_WORD = {
  triggered: "Open", acknowledged: "Acknowledged", snoozed: "Snoozed", resolved: "Resolved",
};

/** What a level asks for. */
export const LEVEL_MEANING = {
  critical: "Act now",
  warning: "Contact a clinician within 24 hours",
  info: "Be aware",
};

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

/** A metric's value without its unit, with the digits that mean something. */
export function digits(metric, value) {
  if (value === null || value === undefined) return "–";
  return value.toFixed(TENTHS.has(metric) ? 1 : 0).replace("-", "−");
}

/** Expected ± spread; the spread keeps two digits, since "± 1" could be half as much again. */
export const around = (metric, expected, spread) => `${digits(metric, expected)} ± ${Number(spread.toPrecision(2))}`;

/** A value with its unit: "84 /min", "97 %", "36.8 °C". */
export const quantity = (metric, value, unit) => `${digits(metric, value)} ${unitWord(unit)}`.trim();

/** A sentence of the server with its units as people write them. */
export const plain = (text) => text.replaceAll(" Cel", " °C").replaceAll("mm[Hg]", "mmHg");

/** How long: "just now" is not a duration, so below a minute it is "under a minute". */
export function span(milliseconds) {
  const minutes = Math.floor(Math.max(0, milliseconds) / MINUTE);
  if (minutes < 1) return "under a minute";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 10 && minutes % 60 >= 5) return `${hours} h ${minutes % 60} min`;
  if (hours < 48) return `${hours} h`;
  return `${Math.floor(hours / 24)} days`;
}

/** How long ago. */
export const ago = (milliseconds) => (milliseconds < MINUTE ? "just now" : `${span(milliseconds)} ago`);

const formats = new Map();
function formatted(time, zone, options) {
  const key = `${zone} ${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options }));
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
  if (day === dayOf(now - DAY, zone)) return `yesterday ${at}`;
  if (day === dayOf(now + DAY, zone)) return `tomorrow ${at}`;
  return `${formatted(time, zone, { day: "numeric", month: "short" })} ${at}`;
}

/** The person's own hour of day, 0–23. */
export const hourIn = (time, zone) => Number(formatted(time, zone, { hour: "2-digit" }));

/** The next `hour` o'clock that lies on another day than `now`, where the person is: epoch ms. */
export function tomorrowAt(hour, now, zone) {
  // Walk the quarter hours: exact over a change to or from summer time, whichever way it goes.
  const today = dayOf(now, zone);
  let time = Math.ceil(now / (15 * MINUTE)) * 15 * MINUTE;
  while (dayOf(time, zone) === today || clock(time, zone) !== `${String(hour).padStart(2, "0")}:00`) time += 15 * MINUTE;
  return time;
}

/** Where the learning stands, in one line. */
export function learning(phase, days) {
  if (days === 0) return "Learning has not begun: no reading yet";
  if (phase === "silent") return `Learning, day ${Math.min(days, 30)} of 30: only absolute safety limits and forecasts raise alerts`;
  if (phase === "soft") return `Day ${days}: soft alerts, which ask whether something was unusual`;
  if (phase === "full") return `Day ${days}: full alerts`;
  return `${days} days learned, adapting daily`;
}

/** Channels and what became of a message, in words. */
export const CHANNEL_WORD = { in_app: "This portal", webhook: "Webhook" };
export const DELIVERY_WORD = { pending: "On its way", delivered: "Delivered", failed: "Failed" };
