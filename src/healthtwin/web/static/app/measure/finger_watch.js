// Watches a fingertip on the lens while it is measured: is it there, is it still, is the pulse to be seen?
// Pure: frames in, what to show out. The server judges the recording once more, and strictly.

/** Red light goes through a fingertip, green and blue hardly: it looks red whatever the light, and even. */
const DARK_RED = 40;
const RED_OVER_OTHERS = 1.6;
const EVEN_SPREAD = 0.45;

/** The finger must lie still this long before counting begins; the exposure is held half-way through. */
const SETTLE_MS = 2000;
const HOLD_AFTER_MS = 1000;

/** Shorter than a beat's dip at 180 bpm is a dropped frame, longer is a lifted finger. */
const LIFTED_MS = 330;
/** Nobody comes back: the measurement is given up and says why. */
const GIVE_UP_MS = 10_000;
/** Without frames for so long (the server bridges as much), seconds are lost, and are counted on. */
const LOST_MS = 250;
/** A busy phone lengthens the measurement by this part of it at most; beyond, the server says what was lost. */
const LONGER_PART = 0.5;
/** Without frames for so long the page was hidden or the camera stalled; beats in between are lost. */
const GAP_MS = 2500;

/** The last seconds that hints are judged on. */
const HINT_WINDOW_MS = 3000;
/** Brightness runs by more than this part of itself: the finger moved. A pulse moves it by 0.1 to 3 %. */
const MOVED_PART = 0.09;
/** A pulse below this part of the brightness: pressed so hard that no blood passes, or a cold finger. */
const WEAK_PART = 0.0005;

/** What a frame shows: "finger", "dark" (lens covered, too little light) or "open" (no finger). */
export function look({ red, green, blue, spread }) {
  if (red < DARK_RED) return green < DARK_RED && blue < DARK_RED ? "dark" : "open";
  const isRed = red >= RED_OVER_OTHERS * green && red >= RED_OVER_OTHERS * blue;
  return isRed && spread <= EVEN_SPREAD ? "finger" : "open";
}

function runningMean(values, reach) {
  const sums = [0];
  for (const value of values) sums.push(sums.at(-1) + value);
  return values.map((_, at) => {
    const from = Math.max(0, at - reach);
    const to = Math.min(values.length, at + reach + 1);
    return (sums[to] - sums[from]) / (to - from);
  });
}

/** The beat-to-beat part of a channel: without slow drift, turned so that the pulse goes up (blood darkens). */
export function pulsePart(values, framesPerSecond) {
  const drift = runningMean(values, Math.round(framesPerSecond / 2));
  return runningMean(values.map((value, at) => drift[at] - value), 1);
}

const deviation = (values) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};

/** Pulse in a channel as part of its brightness; 0 for a channel without light. */
function perfusion(values, framesPerSecond) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return mean > 2 ? deviation(pulsePart(values, framesPerSecond)) / mean : 0;
}

/**
 * One guided measurement.
 *
 * `add(frame)` answers `{phase, hint, left_s, progress, kept_s, hold}`:
 * - phase: "waiting" for a finger, "settling", "counting", "lifted" (what was counted is dropped, it begins anew),
 *   "done", "given_up";
 * - hint: "cover", "dark", "moving", "weak", "good", "interrupted" or null;
 * - hold: true once, when exposure should be held; kept_s: seconds that were still when the finger left.
 */
export class FingerWatch {
  constructor(seconds) {
    this.lengthMs = seconds * 1000;
    this.phase = "waiting";
    this.samples = [];
    this.lostMs = 0;
    this.fingerSince = null;
    this.goneSince = null;
    this.keptS = 0;
    this.held = false;
    this.before = null;
    this.restarts = 0;
    this.interrupted = false;
    this.hint = null;
    this.hintAt = -Infinity;
  }

  add(frame) {
    if (this.phase === "done" || this.phase === "given_up") return this.state(frame.time, false);
    const seen = look(frame);
    const gap = this.before === null ? 0 : frame.time - this.before;
    this.before = frame.time;
    if (gap > GAP_MS) this.restart(frame.time, true);
    else if (gap > LOST_MS && this.phase === "counting") this.lostMs = Math.min(this.lostMs + gap, LONGER_PART * this.lengthMs);
    if (seen === "finger") return this.present(frame);
    return this.absent(frame, seen);
  }

  present(frame) {
    this.goneSince = null;
    if (this.fingerSince === null) {
      this.fingerSince = frame.time;
      this.phase = "settling";
    }
    const still = frame.time - this.fingerSince;
    const hold = !this.held && still >= HOLD_AFTER_MS;
    if (hold) this.held = true;
    if (this.phase === "settling" && still >= SETTLE_MS) {
      this.phase = "counting";
      this.startedAt = frame.time;
      this.lostMs = 0;
      this.interrupted = false;
      this.samples = [];
    }
    if (this.phase === "counting") {
      this.samples.push(frame);
      if (this.countedMs(frame.time) >= this.lengthMs) this.phase = "done";
    }
    this.judge(frame.time);
    return this.state(frame.time, hold);
  }

  absent(frame, seen) {
    this.goneSince ??= frame.time;
    const gone = frame.time - this.goneSince;
    if (gone < LIFTED_MS && this.fingerSince !== null) {
      if (this.phase === "counting") this.samples.push(frame);
      return this.state(frame.time, false);
    }
    if (this.phase === "counting" || this.phase === "settling") this.restart(frame.time, false);
    if (this.phase === "lifted" && gone >= GIVE_UP_MS) this.phase = "given_up";
    this.hint = seen === "dark" ? "dark" : this.interrupted ? "interrupted" : "cover";
    return this.state(frame.time, false);
  }

  restart(time, interrupted) {
    const counted = this.phase === "counting";
    if (counted) {
      this.keptS = Math.floor(this.countedMs(this.samples.at(-1).time) / 1000);
      this.restarts += 1;
    }
    this.phase = counted || this.restarts > 0 ? "lifted" : "waiting";
    this.interrupted = interrupted;
    this.samples = [];
    this.fingerSince = null;
    this.goneSince = time;
    this.hint = interrupted ? "interrupted" : "cover";
  }

  /** Milliseconds of the finger that were seen. */
  countedMs(time) {
    return time - this.startedAt - this.lostMs;
  }

  judge(time) {
    if (time - this.hintAt < 500) return;
    this.hintAt = time;
    if (this.phase !== "counting") {
      this.hint = null;
      return;
    }
    const recent = this.samples.filter((sample) => time - sample.time <= HINT_WINDOW_MS);
    const spanS = (time - recent[0].time) / 1000;
    if (spanS < 1) {
      this.hint = "good";
      return;
    }
    const perSecond = recent.length / spanS;
    const red = runningMean(recent.map((sample) => sample.red), Math.round(perSecond / 10));
    if ((Math.max(...red) - Math.min(...red)) / red[0] > MOVED_PART) {
      this.hint = "moving";
      return;
    }
    const pulse = Math.max(
      perfusion(recent.map((sample) => sample.red), perSecond),
      perfusion(recent.map((sample) => sample.green), perSecond),
    );
    this.hint = spanS > 2.5 && pulse < WEAK_PART ? "weak" : "good";
  }

  state(time, hold) {
    const counted = this.phase === "counting" ? Math.min(this.countedMs(time), this.lengthMs) : 0;
    const progress = this.phase === "done" ? 1 : counted / this.lengthMs;
    return {
      phase: this.phase,
      hint: this.hint,
      left_s: Math.ceil((this.lengthMs - progress * this.lengthMs) / 1000),
      progress,
      kept_s: this.keptS,
      hold,
    };
  }

  /** The last `seconds` of the pulse to draw, of whichever channel carries more of it; [] before there is any. */
  wave(seconds) {
    const last = this.samples.at(-1)?.time;
    const recent = this.samples.filter((sample) => last - sample.time <= seconds * 1000);
    if (recent.length < 15) return [];
    const perSecond = (recent.length - 1) / ((last - recent[0].time) / 1000);
    const red = recent.map((sample) => sample.red);
    const green = recent.map((sample) => sample.green);
    const carrier = perfusion(green, perSecond) > perfusion(red, perSecond) ? green : red;
    return pulsePart(carrier, perSecond).map((value, at) => ({ time: recent[at].time, value }));
  }
}

/** The body of `POST /api/signals/ppg` for what was recorded. */
export function ppgBody(samples, startedAtEpochMs) {
  const first = samples[0].time;
  const round = (value) => Math.round(value * 1000) / 1000;
  return {
    timestamp: Math.round(startedAtEpochMs),
    samples: {
      time_ms: samples.map((sample) => round(sample.time - first)),
      red: samples.map((sample) => round(sample.red)),
      green: samples.map((sample) => round(sample.green)),
      blue: samples.map((sample) => round(sample.blue)),
    },
  };
}
