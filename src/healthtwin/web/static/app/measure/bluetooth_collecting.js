// From a sensor's stream to values worth storing: steady stretches of an oximeter, beats of a strap. Pure.

import { fromIntervals } from "./beat_intervals.js";

/** An oximeter's value counts once it was sound and steady this long; fingers slip, and averages take seconds. */
const STEADY_MS = 15_000;
const FEWEST_VALUES = 5;
/** Oximeters wander by 1 or 2 %; more within the stretch is a slipping probe. */
const STEADY_RANGE = 4;
/** A pause in the stream longer than this begins anew. */
const GAP_MS = 5000;

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Collects an oximeter's values; `add` answers `{values}` (once per steady stretch) or `{trouble, progress}`. */
export class OximeterCollection {
  constructor() {
    this.rows = [];
  }

  /** @param reading of `readPlxContinuous`; `time` in ms */
  add({ spo2, pulse, trouble }, time) {
    if (trouble || (this.rows.length > 0 && time - this.rows.at(-1).time > GAP_MS)) this.rows = [];
    if (trouble) return { trouble, progress: 0 };
    this.rows.push({ spo2, pulse, time });
    this.rows = this.rows.filter((row) => time - row.time <= STEADY_MS);
    const levels = this.rows.map((row) => row.spo2);
    if (Math.max(...levels) - Math.min(...levels) > STEADY_RANGE) {
      this.rows = this.rows.slice(-1);
      return { trouble: "unsteady", progress: 0 };
    }
    const progress = Math.min(1, (time - this.rows[0].time) / (STEADY_MS * 0.9));
    if (progress < 1 || this.rows.length < FEWEST_VALUES) return { trouble: null, progress };
    const pulses = this.rows.map((row) => row.pulse).filter((value) => value !== null);
    const values = { oxygen_saturation: median(levels) };
    if (pulses.length > 0) values.heart_rate = median(pulses);
    return { trouble: null, progress: 1, values };
  }

  /** Begin the next stretch. */
  clear() {
    this.rows = [];
  }
}

/** Collects a strap's beats for `seconds`; without intervals the strap's own rate is averaged and no variability given. */
export class StrapCollection {
  constructor(seconds) {
    this.lengthMs = seconds * 1000;
    this.clear();
  }

  /** @param reading of `readHeartRate`; `time` in ms */
  add({ heartRate, contact, intervals_ms }, time) {
    if (contact === false) {
      this.clear();
      return { trouble: "no_contact", progress: 0 };
    }
    if (this.before !== null && time - this.before > GAP_MS) this.clear();
    this.before = time;
    this.startedAt ??= time;
    this.rates.push(heartRate);
    this.intervals.push(...intervals_ms);
    const progress = Math.min(1, (time - this.startedAt) / this.lengthMs);
    if (progress < 1) return { trouble: null, progress };
    if (this.intervals.length === 0) return { trouble: null, progress: 1, values: { heart_rate: median(this.rates) }, quality: 1 };
    const { values, quality } = fromIntervals(this.intervals);
    if (values.heart_rate !== undefined) return { trouble: null, progress: 1, values, quality };
    this.clear();
    return { trouble: "irregular", progress: 0 };
  }

  /** Begin anew. */
  clear() {
    this.startedAt = null;
    this.before = null;
    this.rates = [];
    this.intervals = [];
  }
}
