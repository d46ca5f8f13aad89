// What a person may type in: fields, units and the ranges the server accepts. Pure, but for the metric table.

import { METRICS } from "../../js/words.js";

const GLUCOSE_MG_PER_MMOL = 18.016; // 180.16 g/mol
const KG_PER_POUND = 0.45359237;

const same = (value) => value;

/** Units that a metric may be typed in, with the range that the server takes, in its unit. */
const typedIn = (metric, ...units) => ({ get low() { return METRICS[metric].low; }, get high() { return METRICS[metric].high; }, units });

/** `units`: how people know it, the first is preset, `to` turns a value into the server's unit. */
export const TYPED = {
  oxygen_saturation: typedIn("oxygen_saturation", { name: "percent", to: same, digits: 0 }),
  heart_rate: typedIn("heart_rate", { name: "per_minute", to: same, digits: 0 }),
  body_temperature: typedIn("body_temperature",
    { name: "celsius", to: same, digits: 1 }, { name: "fahrenheit", to: (f) => (f - 32) / 1.8, digits: 1 }),
  blood_pressure_systolic: typedIn("blood_pressure_systolic", { name: "pressure", to: same, digits: 0 }),
  blood_pressure_diastolic: typedIn("blood_pressure_diastolic", { name: "pressure", to: same, digits: 0 }),
  body_weight: typedIn("body_weight",
    { name: "kilogram", to: same, digits: 1 }, { name: "pound", to: (lb) => lb * KG_PER_POUND, digits: 1 }),
  blood_glucose: typedIn("blood_glucose",
    { name: "glucose", to: same, digits: 0 }, { name: "mmol", to: (mmol) => mmol * GLUCOSE_MG_PER_MMOL, digits: 1 }),
};

/** Fields that are typed together. */
export const TYPED_GROUPS = [
  ["oxygen_saturation", "heart_rate"], ["body_temperature"],
  ["blood_pressure_systolic", "blood_pressure_diastolic"], ["body_weight"], ["blood_glucose"],
];

/** A number as people type it, "36,8" as well as "36.8"; null for nothing, NaN for what is no number. */
export function typedNumber(text) {
  const bare = text.trim().replace(",", ".").replace("−", "-");
  if (bare === "") return null;
  return /^-?\d+(\.\d+)?$/.test(bare) ? Number(bare) : NaN;
}

/** The smallest and largest value that may stand in a field in this unit. */
export function limits(metric, unitName) {
  const { low, high, units } = TYPED[metric];
  const { to } = units.find((unit) => unit.name === unitName);
  // Every unit here is a straight line of the server's: turn it around by two points.
  const slope = to(1) - to(0);
  return [(low - to(0)) / slope, (high - to(0)) / slope];
}

/**
 * What was typed, judged.
 * @param {Record<string, {text: string, unit: string}>} fields by metric
 * @returns {{values: object, errors: object}} values in the server's units; `errors` by metric: "number", "range",
 *   "pair" (both pressures belong together), "order" (systolic above diastolic)
 */
export function judgeTyped(fields) {
  const values = {};
  const errors = {};
  for (const [metric, { text, unit }] of Object.entries(fields)) {
    const number = typedNumber(text);
    if (number === null) continue;
    const { low, high, units } = TYPED[metric];
    const value = units.find((each) => each.name === unit).to(number);
    if (Number.isNaN(number)) errors[metric] = "number";
    else if (value < low || value > high) errors[metric] = "range";
    else values[metric] = Math.round(value * 100) / 100;
  }
  const upper = "blood_pressure_systolic";
  const lower = "blood_pressure_diastolic";
  const typed = (metric) => metric in values || metric in errors;
  if (typed(upper) && !typed(lower) && lower in fields) errors[lower] = "pair";
  if (typed(lower) && !typed(upper) && upper in fields) errors[upper] = "pair";
  if (values[upper] !== undefined && values[upper] <= values[lower]) errors[upper] = "order";
  for (const metric of Object.keys(errors)) delete values[metric];
  return { values, errors };
}
