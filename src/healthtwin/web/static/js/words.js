// How things are said, in the language that was chosen: sentences of the catalogue that the server speaks from too
// (Project Fluent; healthtwin/words), times, durations, quantities. "Fine" and "all clear" are words we do not have,
// in any language.

/** Milliseconds. */
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

// ---------------------------------------------------------------- catalogue

/** Languages by tag, as the files `words/<reader>.<tag>.js` put them there: sentences and the metric table. */
const spoken = () => globalThis.healthtwinWords ?? {};

/** The language spoken now, as a tag; empty before there is one. */
export let language = "";

/** By metric: `unit` (UCUM), `digits` that mean something, `low` and `high` (what the server takes), `stale_after_ms`. */
export let METRICS = {};
/** Days with data at which silent learning, soft alerts and full alerts end. */
export let PHASE_ENDS = {};
/** Older than this, a reading says nothing about now. */
export let STALE_MS = 0;

let bundle = null;
/** Where long words of the language may break, for browsers that have no dictionary of it; null where it has none. */
let joints = null;
let reader = "portal";
/** Whether who reads is the person spoken of ("self") or somebody else ("other"); the portal is read by others. */
let readBy = "other";
/** The reader's own time zone, for times inside sentences of the server. */
let zoneSaid = Intl.DateTimeFormat().resolvedOptions().timeZone;
const listeners = new Set();

const kebab = (name) => name.replaceAll("_", "-");

/** Run now, if there are words already, and whenever another language is spoken. */
export function onLanguage(listener) {
  listeners.add(listener);
  if (bundle) listener();
}

/** Speak the language of `words` (an entry of `healthtwinWords`) from here on. */
export function speak(words) {
  const { FluentBundle, FluentResource } = globalThis.FluentBundle;
  language = words.language;
  reader = words.reader;
  readBy = reader === "portal" ? "other" : "self";
  METRICS = words.metrics;
  PHASE_ENDS = words.phase_ends;
  STALE_MS = words.stale_after_ms;
  bundle = new FluentBundle(language, { functions: FUNCTIONS, useIsolating: false });
  for (const mistake of bundle.addResource(new FluentResource(words.catalogue))) console.error(mistake);
  const parts = hasWords("word-joints") ? say("word-joints").split(" ").filter((part) => part.length > 1) : [];
  joints = parts.length > 0 ? new RegExp(`(${parts.join("|")})(?=\\p{Ll}{4})`, "giu") : null;
  listeners.forEach((listener) => listener());
}

/** The same words, with a soft hyphen where a long one may break: "Sauerstoff-sättigung", never "Sauerstoffsättigun-g". */
export const breakable = (text) => (joints ? text.replace(joints, "$1\u00AD") : text);

/** A number as our sentences hold it: rounded half away from zero, without a mark between thousands. */
function numberOf(value, options = {}) {
  const digits = options.maximumFractionDigits ?? 3;
  // What rounds to zero has no sign.
  const shown = Math.abs(value) < 0.5 / 10 ** digits && options.maximumSignificantDigits === undefined ? 0 : value;
  return new globalThis.FluentBundle.FluentNumber(shown, { useGrouping: false, ...options });
}

const isNumber = (value) => value instanceof globalThis.FluentBundle.FluentNumber;
const missing = () => new globalThis.FluentBundle.FluentNone();

const formats = new Map();
function formatOf(Kind, locale, options) {
  const key = `${Kind.name} ${locale} ${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Kind(locale, options));
  return formats.get(key);
}

const written = (number) => formatOf(Intl.NumberFormat, language, number.opts).format(number.value);

/** A number of the server or the page with exactly so many decimals, in the language spoken. */
export const fixed = (value, digits) =>
  written(numberOf(value, { minimumFractionDigits: digits, maximumFractionDigits: digits }));

/** A number with at most so many decimals. */
export const upTo = (value, digits) => written(numberOf(value, { maximumFractionDigits: digits }));

/** What a fact of the server is in a sentence (`healthtwin.words`: "Facts"). */
function factOf(fact) {
  if (fact === null || fact === undefined) return "none";
  if (typeof fact === "number") return numberOf(fact);
  if (typeof fact === "boolean") return String(fact);
  if (Array.isArray(fact)) return fact.length === 0 ? "none" : fact.map(factOf).join(say("list-separator"));
  if (typeof fact === "object" && "code" in fact) return told(fact);
  return String(fact);
}

const factsOf = (facts) => Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, factOf(fact)]));

/** The pattern of "id" or "id.attribute"; undefined where there is none. */
function patternOf(id) {
  const [name, attribute] = id.split(".");
  const message = bundle?.getMessage(name);
  return attribute ? message?.attributes[attribute] : message?.value;
}

/** A message, or its attribute `form` where it has that, with values that are Fluent's already. */
function formed(id, form, values) {
  return bundle.formatPattern(patternOf(`${id}.${form}`) ?? patternOf(id) ?? id, values, []);
}

const chosen = (options, name, otherwise) => options[name]?.valueOf() ?? otherwise;

/** A spread of fewer steps of its last digit than this gets one decimal more. */
const ROUGH_STEPS = 5;

/** The functions that sentences may call; what each does is written down in `healthtwin/words/__init__.py`. */
const FUNCTIONS = {
  NUMBER([value], options) {
    if (!isNumber(value)) return missing();
    const least = Number(chosen(options, "minimumFractionDigits", 0));
    return numberOf(value.value, {
      minimumFractionDigits: least,
      maximumFractionDigits: Number(chosen(options, "maximumFractionDigits", Math.max(3, least))),
      minimumIntegerDigits: Number(chosen(options, "minimumIntegerDigits", 1)),
    });
  },
  UNIT([value, metric], options) {
    const row = METRICS[metric];
    if (!isNumber(value) || !row) return missing();
    const significant = chosen(options, "significant");
    const fewest = Number(chosen(options, "digits", row.digits));
    const isRough = chosen(options, "fine") === "yes" && Math.abs(value.value) < ROUGH_STEPS / 10 ** fewest;
    const digits = isRough ? fewest + 1 : fewest;
    const number = significant === undefined
      ? numberOf(value.value, { minimumFractionDigits: digits, maximumFractionDigits: digits })
      : numberOf(value.value, { maximumSignificantDigits: Number(significant) });
    const unit = chosen(options, "unit") === "no" ? "" : unitWord(row.unit);
    return unit ? formed("value-with-unit", "", { number: written(number), unit }) : number;
  },
  METRIC: ([metric], options) => formed(`metric-${kebab(String(metric))}`, chosen(options, "form", ""), {}),
  DURATION([length], options) {
    if (!isNumber(length)) return missing();
    const form = chosen(options, "form", "");
    const minutes = Math.floor(length.value / MINUTE);
    const said = (kind, counts) => formed(`duration-${kind}`, form, factsOf(counts));
    if (minutes < 1) return said("under-a-minute", {});
    if (minutes < 120) return said("minutes", { minutes });
    const hours = Math.floor(minutes / 60);
    if (hours >= 48) return said("days", { days: Math.floor(hours / 24) });
    return minutes % 60 > 0 ? said("hours-minutes", { hours, minutes: minutes % 60 }) : said("hours", { hours });
  },
  TIME: ([time]) => (isNumber(time) ? clock(time.value, zoneSaid) : missing()),
  READER: () => readBy,
  DATE: ([time], options) => (isNumber(time) ? dateWords(time.value, zoneSaid, chosen(options, "form", "")) : missing()),
};

/** Whether there are words for this. */
export const hasWords = (id) => patternOf(kebab(id)) !== undefined;

/** The words that the phone app has of its own for a message, where it has some. */
const forReader = (id) => (reader === "app" && patternOf(`${id}-app`) !== undefined ? `${id}-app` : id);

/** A sentence with its facts filled in. Underscores, as the server's names have them, stand for hyphens. */
export function say(id, facts = {}) {
  const pattern = patternOf(forReader(kebab(id)));
  if (pattern === undefined) {
    if (bundle) console.error(`no words for “${id}”`);
    return id;
  }
  const mistakes = [];
  const sentence = bundle.formatPattern(pattern, factsOf(facts), mistakes);
  for (const mistake of mistakes) console.error(`“${id}”: ${mistake.message}`);
  return sentence;
}

/** Whether a sentence finds every fact that it asks for. */
export function canSay(id, facts = {}) {
  const pattern = patternOf(kebab(id));
  const mistakes = [];
  if (pattern !== undefined) bundle.formatPattern(pattern, factsOf(facts), mistakes);
  return pattern !== undefined && mistakes.length === 0;
}

/** What the server says as a code with its facts; times in it are in `zone`. */
export function told(said, zone = zoneSaid) {
  if (said.code === "plain") return said.facts.text;
  const before = zoneSaid;
  zoneSaid = zone;
  try {
    return say(said.code, said.facts);
  } finally {
    zoneSaid = before;
  }
}

/** The words for something the server names, or its own name where it is newer than our words. */
const sayOr = (id, own) => (hasWords(id) ? say(id) : own);

export const levelWord = (level) => sayOr(`level-${level}`, level);
export const statusWord = (status) => sayOr(`status-${status}`, status);
export const stateWord = (state) => sayOr(`state-${state}`, state);
/** What a level asks for. */
export const levelMeaning = (level) => sayOr(`meaning-${level}`, level);
/** Channels and what became of a message. */
export const channelWord = (channel) => sayOr(`channel-${channel}`, channel);
export const deliveryWord = (status) => sayOr(`delivery-${status}`, status);
/** What a metric is called; `form`: "short" on a tile, "inline" inside a sentence. */
export const metricWord = (metric, form = "") => (hasWords(`metric-${metric}`) ? formed(`metric-${kebab(metric)}`, form, {}) : metric);

/** Worst first; the server sorts in the same order. Unknown comes before all that has fresh readings. */
export const STATUS_ORDER = ["critical", "warning", "info", "unknown", "learning", "usual"];

// ---------------------------------------------------------------- quantities

/** The message that says how people write a UCUM unit. */
export const unitId = (unit) =>
  `unit-${unit.replaceAll("%", "percent").replaceAll("/", "-per-").replaceAll("[", "-").replaceAll("]", "").replace(/^-+|-+$/g, "")}`;

/** A UCUM unit as people write it. */
export const unitWord = (unit) => sayOr(unitId(unit), unit);

/** The decimals of a metric that mean something. */
export const digitsOf = (metric) => METRICS[metric]?.digits ?? 0;

/** How long a value of this metric says something about now. */
export const staleAfter = (metric) => METRICS[metric]?.stale_after_ms ?? STALE_MS;

/** A metric's value without its unit, with the digits that mean something. */
export const digits = (metric, value) => (value === null || value === undefined ? "–" : fixed(value, digitsOf(metric)).replace("-", "−"));

/** Expected ± spread; the spread keeps two digits, since "± 1" could be half as much again. */
export const around = (metric, expected, spread) =>
  `${digits(metric, expected)} ± ${written(numberOf(spread, { maximumSignificantDigits: 2 }))}`;

/** A value with its unit: "84 /min", "97 %", "36.8 °C". */
export const quantity = (metric, value, unit) => `${digits(metric, value)} ${unitWord(unit)}`.trim();

// ---------------------------------------------------------------- times

/** How long: "just now" is not a duration, so below a minute it is "under a minute". `form` "alone": outside a sentence. */
export function span(milliseconds, form = "") {
  const minutes = Math.floor(Math.max(0, milliseconds) / MINUTE);
  const hours = Math.floor(minutes / 60);
  const said = (kind, counts) => formed(`span-${kind}`, form, factsOf(counts));
  if (minutes < 1) return said("under-a-minute", {});
  if (minutes < 60) return said("minutes", { minutes });
  if (hours < 10 && minutes % 60 >= 5) return said("hours-minutes", { hours, minutes: minutes % 60 });
  if (hours < 48) return said("hours", { hours });
  return said("days", { days: Math.floor(hours / 24) });
}

/** How long ago. */
export const ago = (milliseconds) => (milliseconds < MINUTE ? say("ago-just-now") : say("ago", { span: span(milliseconds) }));

const formatted = (time, zone, options) =>
  formatOf(Intl.DateTimeFormat, "en-GB", { timeZone: zone, hourCycle: "h23", ...options }).format(time);

/** Time of day where the person is: "18:00". */
export const clock = (time, zone) => formatted(time, zone, { hour: "2-digit", minute: "2-digit" });

/** The day where the person is, as a key: "2026-02-12". */
export const dayKey = (time, zone) => dayOf(time, zone).split("/").reverse().join("-");

const dayOf = (time, zone) => formatted(time, zone, { year: "numeric", month: "2-digit", day: "2-digit" });

/** The day where the person is: "12 February 2026"; `form` "short": "12 Feb". */
export function dateWords(time, zone, form = "") {
  const [day, month, year] = dayOf(time, zone).split("/");
  return formed("date", form, { day: numberOf(Number(day)), month: numberOf(Number(month)), year: String(Number(year)) });
}

/** A moment as one would say it: "13:20", "yesterday 13:20", "12 Mar 13:20". */
export function moment(time, now, zone) {
  const at = clock(time, zone);
  const day = dayOf(time, zone);
  if (day === dayOf(now, zone)) return at;
  if (day === dayOf(now - DAY, zone)) return say("moment-yesterday", { clock: at });
  if (day === dayOf(now + DAY, zone)) return say("moment-tomorrow", { clock: at });
  return say("moment-date", { date: dateWords(time, zone, "short"), clock: at });
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

// ---------------------------------------------------------------- standings

/** Where a value stands against the person's own range: which side, in words, and the range itself. */
export function standingOf(metric, { stale, now }) {
  if (!metric.ready || metric.low === null) return { side: null, words: null, usual: say("tile-learning") };
  const usual = say("tile-usual", { low: digits(metric.metric, metric.low), high: digits(metric.metric, metric.high) });
  // A stale value says nothing about now, so it is neither above nor below anything.
  const side = stale ? null : metric.value > metric.high ? "above" : metric.value < metric.low ? "below" : null;
  if (!side) return { side, words: null, usual };
  const beyond = digits(metric.metric, Math.abs(metric.value - metric.expected));
  if (!metric.since_at) return { side, words: say(`tile-${side}`, { beyond }), usual };
  return { side, words: say(`tile-${side}-for`, { beyond, span: span(now - metric.since_at) }), usual };
}

/** Where the learning stands, in one line. */
export function learning(phase, days) {
  if (days === 0) return say("learning-none");
  const of = PHASE_ENDS.silent;
  return hasWords(`learning-${phase}`) ? say(`learning-${phase}`, { days: phase === "silent" ? Math.min(days, of) : days, of }) : "";
}

/** What somebody keeps back from whoever looks, in one line. */
export const keptBack = (kinds) => say("kept-back", { kinds: kinds.map((kind) => say(`kind-${kind}`)).join(", ") });

/** What the server says, in the language spoken: from its code, or as it came where the code is newer than our words. */
export const saying = (said, text) => (said && (said.code === "plain" || hasWords(said.code)) ? told(said) : (text ?? ""));

/** What would make a risk fall, where that makes a difference one can read: not "below 1 % instead of below 1 %". */
export function wouldFall(item) {
  const { then, now } = item.would_fall_said?.facts ?? {};
  const same = then !== undefined && now !== undefined && JSON.stringify(then) === JSON.stringify(now);
  return !item.would_fall || same ? "" : saying(item.would_fall_said, item.would_fall);
}

/** Words of the server that stand alone: with a capital and a full stop. */
export const sentence = (text) => text && `${text[0].toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;

const [first] = Object.values(spoken());
if (first) speak(first);
