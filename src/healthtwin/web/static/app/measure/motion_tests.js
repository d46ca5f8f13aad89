// The guided motion tests: how long, what is drawn, what is sent. Pure.

/** Seconds before counting begins: time to lie down, to stretch the arm, to pocket the phone. */
const TO_LIE_DOWN = 6;
const TO_TAKE_POSITION = 4;
const TO_POCKET = 6;

/**
 * By kind: `variants` (the first is preset) with the `test` the server knows; `seconds` recorded, `lead` before;
 * `slow`: the trace shows breathing instead of trembling; `main`: metrics shown big.
 */
export const MOTION_TESTS = {
  breathing: { variants: ["breathing"], seconds: 60, lead: TO_LIE_DOWN, slow: true, main: ["respiratory_rate"] },
  tremor: { variants: ["tremor_rest", "tremor_posture"], seconds: 20, lead: TO_TAKE_POSITION, slow: false, main: ["tremor_frequency", "postural_tremor_frequency"] },
  balance: { variants: ["balance"], seconds: 30, lead: TO_TAKE_POSITION, slow: true, main: ["sway_rms"] },
  walk: { variants: ["gait"], seconds: 30, lead: TO_POCKET, slow: false, main: ["gait_cadence"] },
};

/** Recorded beyond the countdown, so that a recording is never a sample short. */
export const SPARE_S = 1;
/** A pause in the samples longer than this: the page was hidden. Shorter ones the server judges. */
const GAP_MS = 3000;

const AXES = ["ax", "ay", "az"];
const SLOW_S = 0.4;

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

function variance(values) {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 2));
}

/** Each value averaged with those within `reach_ms` before it. */
function smoothed(times, values, reachMs) {
  let from = 0;
  let sum = 0;
  return values.map((value, at) => {
    sum += value;
    while (times[at] - times[from] > reachMs) {
      sum -= values[from];
      from += 1;
    }
    return sum / (at - from + 1);
  });
}

/** The axis that moves most, as `{time, value}`; breathing is smoothed, since the sensor's steps are as large. */
export function traceOf(samples, slow) {
  if (samples.length < 2) return [];
  const times = samples.map((sample) => sample.time);
  const columns = AXES.map((axis) => {
    const values = samples.map((sample) => sample[axis]);
    return slow ? smoothed(times, values, SLOW_S * 1000) : values;
  });
  const spreads = columns.map(variance);
  const liveliest = columns[spreads.indexOf(Math.max(...spreads))];
  return liveliest.map((value, at) => ({ time: times[at], value }));
}

/** One recording: leads in, counts, and tells a hole. `add(sample)` answers `{phase, left_s, progress}`. */
export class MotionWatch {
  constructor(seconds, lead) {
    this.lengthMs = (seconds + SPARE_S) * 1000;
    this.leadMs = lead * 1000;
    this.samples = [];
    this.openedAt = null;
    this.startedAt = null;
    this.before = null;
  }

  add(sample) {
    this.openedAt ??= sample.time;
    const gap = this.before === null ? 0 : sample.time - this.before;
    this.before = sample.time;
    const waited = sample.time - this.openedAt;
    if (waited < this.leadMs) return { phase: "lead", left_s: Math.ceil((this.leadMs - waited) / 1000), progress: 0 };
    if (this.startedAt !== null && gap > GAP_MS) return { phase: "interrupted", left_s: 0, progress: 0 };
    this.startedAt ??= sample.time;
    this.samples.push(sample);
    const counted = sample.time - this.startedAt;
    const progress = Math.min(1, counted / this.lengthMs);
    return { phase: progress < 1 ? "counting" : "done", left_s: Math.ceil((this.lengthMs - counted) / 1000), progress };
  }

  /** The samples of the last `seconds`. */
  recent(seconds) {
    const last = this.samples.at(-1)?.time;
    return this.samples.filter((sample) => last - sample.time <= seconds * 1000);
  }
}
