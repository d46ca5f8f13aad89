// What values measured together mean at once, by absolute limits alone. Pure: the same as
// `healthtwin.forecast.limits_told.meanings`, and held to it by one file of cases that both run.

/** One reading asks for a second one. */
export const ASK = -1;
/** Be seen now. */
const NOW = 2;
const LEVELS = { 3: "critical", 2: "warning", 1: "warning", [ASK]: "info" };
const AT_REST_ONLY = new Set(["heart_rate", "respiratory_rate"]);
const METER = { blood_pressure_systolic: "cuff", blood_pressure_diastolic: "cuff" };
/** SpO₂, %: slow breathing beside less than that is believed at once. */
const BELIEVED_BELOW = 94;

/** Steps per unit in which people are shown a value; elsewhere whole ones. */
const STEPS = { body_temperature: 10 };
const shown = (metric, value) => Math.floor(value * (STEPS[metric] ?? 1) + 0.5) / (STEPS[metric] ?? 1);

const meterOf = (metric) => METER[metric] ?? metric;
const beyond = (limit, value, edge) => (limit.side === "high" ? value >= edge : value <= edge);

function isBeyond(limit, value, resting) {
  if (value === undefined || value === null) return false;
  if (!resting && limit.side === "high" && AT_REST_ONLY.has(limit.metric)) return false;
  // What is shown as beyond a limit is beyond it: 92.4 % stands on every screen as 92 %.
  return beyond(limit, value, limit.value) || beyond(limit, shown(limit.metric, value), limit.value);
}

const isSure = (limit, value) => limit.after_s === 0 || (limit.at_once !== null && beyond(limit, value, limit.at_once));

/** Whether a reading that is doubted alone is believed for what another meter shows. */
function isBelieved(limit, grave, values) {
  if ([...grave].some((meter) => meter !== meterOf(limit.metric))) return true;
  const slow = limit.metric === "respiratory_rate" && limit.side === "low";
  return slow && (values.oxygen_saturation ?? BELIEVED_BELOW) < BELIEVED_BELOW;
}

/**
 * Judge values by limits.
 *
 * @param limits as `GET /api/people/{id}/limits` or `limits.json` list them
 * @param values by metric, in its unit
 * @returns `{metric, side, tier}` of each metric beyond a limit, the gravest first
 */
export function meanings(limits, values, { resting = true } = {}) {
  const over = limits.filter((limit) => isBeyond(limit, values[limit.metric], resting));
  const sure = over.filter((limit) => isSure(limit, values[limit.metric]));
  const grave = new Set(sure.filter((limit) => limit.tier >= NOW).map((limit) => meterOf(limit.metric)));
  const worst = new Map();
  for (const limit of over) {
    const believed = sure.includes(limit) || (limit.waits && isBelieved(limit, grave, values));
    const tier = believed ? limit.tier : limit.first;
    const known = worst.get(limit.metric);
    if (tier !== 0 && (!known || tier > known.tier)) worst.set(limit.metric, { metric: limit.metric, side: limit.side, tier });
  }
  return [...worst.values()].sort((one, other) => other.tier - one.tier);
}

/** The level that a tier is told at. */
export const levelOf = (tier) => LEVELS[tier];
