// Heart rate and its variability from beat-to-beat intervals, never from beats per minute. Pure.
//
// As the server defines them: heart_rate = 60000 / mean interval; hrv_sdnn = population standard deviation;
// hrv_rmssd = root mean square of successive differences, pairs across a removed beat left out.

/** Shorter than at 300 /min or longer than at 20 /min is an artefact of the strap. */
const SHORTEST_MS = 200;
const LONGEST_MS = 3000;
/** Further than this part from the median of its neighbours: a missed, doubled or ectopic beat (Malik's 20 %). */
const OUTLYING_PART = 0.2;
const NEIGHBOURS = 5;
/** RMSSD needs 30 s, SDNN 60 s of beats; and most of them must be clean. */
const RMSSD_S = 30;
const SDNN_S = 60;
const CLEAN_PART = 0.8;
const FEWEST_BEATS = 5;
const FEWEST_PAIRS = 10;

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Which intervals are a normal beat's: an array of booleans. */
export function cleanBeats(intervals) {
  return intervals.map((interval, at) => {
    if (interval < SHORTEST_MS || interval > LONGEST_MS) return false;
    const around = intervals.slice(Math.max(0, at - NEIGHBOURS), at + NEIGHBOURS + 1);
    return Math.abs(interval - median(around)) <= OUTLYING_PART * median(around);
  });
}

/**
 * @param {number[]} intervals ms, in order
 * @returns {{values: object, quality: number, seconds: number}} `values`: heart_rate, and hrv_rmssd and hrv_sdnn where
 *   there are enough clean beats; `quality`: clean part of the beats; `seconds`: of clean beats
 */
export function fromIntervals(intervals) {
  const clean = cleanBeats(intervals);
  const kept = intervals.filter((_, at) => clean[at]);
  const seconds = kept.reduce((sum, interval) => sum + interval, 0) / 1000;
  const quality = intervals.length ? kept.length / intervals.length : 0;
  const values = {};
  if (kept.length >= FEWEST_BEATS && quality >= CLEAN_PART) {
    const average = mean(kept);
    values.heart_rate = 60_000 / average;
    const differences = [];
    for (let at = 1; at < intervals.length; at += 1) {
      if (clean[at - 1] && clean[at]) differences.push(intervals[at] - intervals[at - 1]);
    }
    if (seconds >= RMSSD_S && differences.length >= FEWEST_PAIRS) values.hrv_rmssd = Math.sqrt(mean(differences.map((step) => step ** 2)));
    if (seconds >= SDNN_S) values.hrv_sdnn = Math.sqrt(mean(kept.map((interval) => (interval - average) ** 2)));
  }
  return { values, quality, seconds };
}
