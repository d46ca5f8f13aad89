// Heart rate from a fingertip on the camera: guided, 30 s, or 60 s for variability and breathing.

import { fill, h } from "../../js/elements.js";
import { sendAndShow, showRefused } from "./answer.js";
import { openCamera, readFrames } from "./camera.js";
import { makeRing, makeTrace } from "./drawings.js";
import { FingerWatch, ppgBody } from "./finger_watch.js";
import { SensorTrouble } from "./sensor_trouble.js";
import { Stage, makeCountdown, makeHint } from "./stage.js";

const SHORT_S = 30;
const LONG_S = 60;
/** A little more than is needed: a recording of 29.97 s would miss the server's 30 s. */
const SPARE_S = 1;
const TRACE_S = 6;
/** No frame for so long: the camera opened and shows nothing. */
const SILENT_CAMERA_MS = 8000;

const MOOD = { good: "good", cover: "attention", dark: "attention", moving: "attention", weak: "attention", interrupted: "attention" };

function choice(stage, name, value, key, checked) {
  return h("label", { class: "choice" },
    h("input", { type: "radio", name, value, checked }), h("span", {}, h("strong", {}, stage.say(key)), stage.say(`${key}-help`)));
}

function intro(stage) {
  const lengths = h("fieldset", { class: "choices" }, h("legend", {}, stage.say("pulse-length")),
    choice(stage, "length", SHORT_S, "pulse-thirty", true), choice(stage, "length", LONG_S, "pulse-sixty", false));
  const active = h("input", { type: "checkbox" });
  const start = () => {
    const seconds = Number(lengths.querySelector("input:checked").value);
    measure(stage, { seconds, active: active.checked });
  };
  stage.show("intro",
    h("ol", { class: "how" }, ["pulse-how-sit", "pulse-how-finger", "pulse-how-still"].map((key) => h("li", {}, stage.say(key)))),
    lengths,
    h("label", { class: "check" }, active, h("span", {}, stage.say("pulse-was-active"))),
    h("div", { class: "measure-actions" }, stage.button("start", start)),
    h("p", { class: "hint" }, stage.say("pulse-privacy")));
}

function liveView(stage) {
  const video = h("video", { class: "lens", playsinline: true, muted: true, "aria-hidden": "true" });
  video.muted = true; // the attribute alone does not count for a video made by script
  const countdown = makeCountdown(stage);
  const ring = makeRing([video, countdown.element]);
  const trace = makeTrace(TRACE_S);
  const hint = makeHint(stage);
  const light = h("p", { class: "hint", hidden: true });
  const other = h("div", { class: "measure-actions" });
  stage.show("live", ring.element, hint.element, trace.element, light, other);
  return { video, countdown, ring, trace, hint, light, other };
}

function showState(view, state) {
  const counting = state.phase === "counting" || state.phase === "done";
  view.ring.show(state.progress);
  if (counting) view.countdown.show(state.left_s);
  else view.countdown.clear();
  const lifted = state.phase === "lifted" && state.hint !== "dark" && state.hint !== "interrupted";
  if (state.phase === "settling") view.hint.show("hint-settling", "calm");
  else if (lifted) view.hint.show("hint-lifted", "attention");
  else if (state.hint) view.hint.show(`hint-${state.hint}`, MOOD[state.hint]);
}

async function offerOtherCamera(stage, view, camera, choices) {
  const others = await camera.others();
  if (others.length === 0 || stage.gone) return;
  const button = stage.button("pulse-other-camera", () => {
    stage.endMeasuring();
    const tried = [...(choices.tried ?? []), camera.deviceId];
    const next = others.find((id) => !tried.includes(id)) ?? others[0];
    measure(stage, { ...choices, deviceId: next, tried });
  }, "quiet-button");
  view.other.append(button);
}

function cancelButton(stage) {
  return stage.button("cancel", () => {
    stage.endMeasuring();
    intro(stage);
  }, "plain-button");
}

async function measure(stage, choices) {
  const again = () => intro(stage);
  stage.beginMeasuring();
  const view = liveView(stage);
  fill(view.other, cancelButton(stage));
  view.hint.show("hint-opening", "calm");
  let camera;
  try {
    camera = await openCamera(view.video, choices.deviceId);
  } catch (error) {
    stage.trouble(error, again);
    return;
  }
  // Whoever left while the browser was asking for permission must not find the camera running.
  if (!view.video.isConnected || stage.gone) {
    camera.stop();
    return;
  }
  stage.atEnd(camera.stop);
  camera.onLost(() => stage.trouble(new SensorTrouble("lost"), again));
  if (!camera.torch) {
    view.light.hidden = false;
    fill(view.light, stage.say("pulse-no-torch"));
  }
  offerOtherCamera(stage, view, camera, choices);
  follow(stage, view, camera, choices, again);
}

function follow(stage, view, camera, choices, again) {
  const watch = new FingerWatch(choices.seconds + SPARE_S);
  let startedAt = null;
  let silent = setTimeout(() => stage.trouble(new SensorTrouble("lost"), again), SILENT_CAMERA_MS);
  stage.atEnd(() => clearTimeout(silent));
  const stop = readFrames(view.video, (frame) => {
    clearTimeout(silent);
    silent = null;
    const state = watch.add(frame);
    if (state.hold) camera.hold();
    if (watch.samples.length === 1) startedAt = Date.now();
    if (state.phase !== "counting") view.trace.clear();
    else view.trace.draw(watch.wave(TRACE_S));
    showState(view, state);
    if (state.phase === "done") finish(stage, watch, startedAt, choices, again);
    if (state.phase === "given_up") {
      showRefused(stage, [stage.say("refusal-finger-lifted", { kept_s: state.kept_s, seconds: choices.seconds })], again);
    }
  });
  stage.atEnd(stop);
}

function finish(stage, watch, startedAt, choices, again) {
  stage.endMeasuring();
  navigator.vibrate?.(120);
  const body = { ...ppgBody(watch.samples, startedAt), activity_level: choices.active ? "light" : "sedentary" };
  const main = ["heart_rate"];
  sendAndShow(stage, "/api/signals/ppg", body, { main, again });
}

/** Mount the screen; answers `{unmount()}`. */
export function mountPulse(container, services) {
  const stage = new Stage("pulse", container, services);
  intro(stage);
  return { unmount: () => stage.unmount() };
}
