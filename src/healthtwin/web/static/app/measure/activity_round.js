// Every five minutes while the app is open: 20 s of motion say how active the person is. Nothing else can be
// measured without a hand: a fingertip needs to be put on the lens, and no browser works in the background.

import { MotionWatch } from "./motion_tests.js";
import { mayReadMotion, motionBody, readMotion } from "./motion_sensor.js";
import { isMeasuring } from "./stage.js";

/** As often as the twin looks. */
export const ROUND_MS = 5 * 60_000;
const SECONDS = 20;

/** Samples for one round; rejects with a SensorTrouble, resolves null when the page was hidden on the way. */
function sampled() {
  return new Promise((resolve, reject) => {
    const watch = new MotionWatch(SECONDS, 0);
    let startedAt = null;
    const settle = (outcome) => {
      stop();
      document.removeEventListener("visibilitychange", hidden);
      outcome();
    };
    const hidden = () => document.visibilityState !== "visible" && settle(() => resolve(null));
    const stop = readMotion((sample) => {
      startedAt ??= Date.now();
      const { phase } = watch.add(sample);
      if (phase === "interrupted") settle(() => resolve(null));
      if (phase === "done") settle(() => resolve({ samples: watch.samples, startedAt }));
    }, (error) => settle(() => reject(error)));
    document.addEventListener("visibilitychange", hidden);
  });
}

/**
 * One round, without asking for anything.
 * @returns {Promise<"sent"|"no_permission"|"no_sensor"|"hidden"|"busy">} "busy": a guided measurement is under way
 */
export async function activityRound(services) {
  if (document.visibilityState !== "visible") return "hidden";
  if (isMeasuring()) return "busy";
  if (!(await mayReadMotion())) return "no_permission";
  let recording;
  try {
    recording = await sampled();
  } catch {
    return "no_sensor";
  }
  if (recording === null) return "hidden";
  await services.submit("/api/signals/motion", motionBody("activity", recording.samples, recording.startedAt));
  return "sent";
}
