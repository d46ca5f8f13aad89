// Coughs in half a minute: listened to on the phone, counted from features; the sound itself stays here unless
// the person says otherwise, each time anew.

import { h } from "../../js/elements.js";
import { sendAndShow, showRefused } from "./answer.js";
import { makeRing } from "./drawings.js";
import { joined, openMicrophone, soundBody } from "./microphone.js";
import { SensorTrouble } from "./sensor_trouble.js";
import { Stage, makeCountdown, makeHint } from "./stage.js";

const SECONDS = 30;
/** The meter spans from a whisper to a shout, dB below the loudest that can be recorded. */
const QUIET_DB = -60;
const BARS = 24;
/** A microphone opens with silence and then a jump into the room's noise, which would pass for a cough. */
const WARM_UP_S = 0.5;
/** Half a minute of sound that took longer has holes: the phone was too busy, or the page was hidden. */
const LATE_MS = 1500;
/** Samples all within this: the microphone is muted. */
const SILENT = 1e-6;

function intro(stage) {
  const consent = h("input", { type: "checkbox" });
  stage.show("intro",
    h("ol", { class: "how" }, [1, 2, 3].map((step) => h("li", {}, stage.say(`cough-how-${step}`)))),
    h("label", { class: "check" }, consent, h("span", {}, stage.say("cough-consent"))),
    h("div", { class: "measure-actions" }, stage.button("start", () => measure(stage, consent.checked))),
    h("p", { class: "hint" }, stage.say("cough-privacy")));
}

/** Loudness as part of the meter's height, 0 to 1. */
function loudness(piece) {
  const power = piece.reduce((sum, sample) => sum + sample * sample, 0) / piece.length;
  return Math.max(0, Math.min(1, 1 - (10 * Math.log10(power + 1e-12)) / QUIET_DB));
}

function makeMeter() {
  const bars = Array.from({ length: BARS }, () => h("i", {}));
  const levels = new Array(BARS).fill(0);
  return {
    element: h("div", { class: "meter", "aria-hidden": "true" }, bars),
    show(level) {
      levels.push(level);
      levels.shift();
      bars.forEach((bar, at) => bar.style.setProperty("--level", levels[at].toFixed(3)));
    },
  };
}

async function measure(stage, consent) {
  const again = () => intro(stage);
  stage.beginMeasuring();
  const countdown = makeCountdown(stage);
  const ring = makeRing([countdown.element]);
  const meter = makeMeter();
  const hint = makeHint(stage);
  const cancel = stage.button("cancel", () => {
    stage.endMeasuring();
    again();
  }, "plain-button");
  stage.show("live", ring.element, hint.element, meter.element, h("div", { class: "measure-actions" }, cancel));
  hint.show("hint-opening-microphone", "calm");

  const pieces = [];
  let heard = 0;
  let startedAt = null;
  let began = 0;
  let waited = 0;
  let microphone = null;
  const onPiece = (piece) => {
    if (microphone === null || heard >= SECONDS * microphone.sampleRate) return;
    if (waited < WARM_UP_S * microphone.sampleRate) {
      waited += piece.length;
      return;
    }
    if (startedAt === null) {
      startedAt = Date.now();
      began = performance.now();
    }
    pieces.push(piece);
    heard += piece.length;
    const progress = Math.min(1, heard / (SECONDS * microphone.sampleRate));
    ring.show(progress);
    countdown.show(Math.ceil(SECONDS * (1 - progress)));
    hint.show("cough-live", "good");
    meter.show(loudness(piece));
    if (progress < 1) return;
    const lateMs = performance.now() - began - SECONDS * 1000;
    finish(stage, { samples: joined(pieces), rate: microphone.sampleRate, startedAt, lateMs, consent, again });
  };
  try {
    microphone = await openMicrophone(onPiece);
  } catch (error) {
    stage.trouble(error, again);
    return;
  }
  if (!ring.element.isConnected || stage.gone) {
    microphone.stop();
    return;
  }
  stage.atEnd(microphone.stop);
  microphone.onLost(() => stage.trouble(new SensorTrouble("lost"), again));
}

function finish(stage, { samples, rate, startedAt, lateMs, consent, again }) {
  stage.endMeasuring();
  if (lateMs > LATE_MS) {
    showRefused(stage, [stage.say("refusal-sound-lost")], again);
    return;
  }
  if (samples.every((sample) => Math.abs(sample) < SILENT)) {
    showRefused(stage, [stage.say("refusal-silent")], again);
    return;
  }
  const body = soundBody("cough", samples, { rate, startedAt, consent });
  sendAndShow(stage, "/api/signals/audio", body, { main: ["cough_count"], again });
}

/** Mount the screen; answers `{unmount()}`. */
export function mountCough(container, services) {
  const stage = new Stage("cough", container, services);
  intro(stage);
  return { unmount: () => stage.unmount() };
}
