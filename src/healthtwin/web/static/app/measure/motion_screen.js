// Breathing on the chest, hand tremor, balance, walking: one guided screen, told apart by `MOTION_TESTS`.

import { h } from "../../js/elements.js";
import { sendAndShow, showRefused } from "./answer.js";
import { makeRing, makeTrace } from "./drawings.js";
import { askForMotion, motionBody, readMotion } from "./motion_sensor.js";
import { MOTION_TESTS, MotionWatch, traceOf } from "./motion_tests.js";
import { Stage, makeCountdown, makeHint } from "./stage.js";
import { makeSounder } from "./tone.js";

const SLOW_TRACE_S = 20;
const FAST_TRACE_S = 5;
/** The least range of the trace, m/s²: a phone on a table shows a line, not its noise. */
const SLOW_FLOOR = 0.3;
const FAST_FLOOR = 1;
/** The trace is drawn this often; the samples come faster. */
const DRAW_MS = 50;

function variantChoice(stage, variants) {
  if (variants.length === 1) return null;
  return h("fieldset", { class: "choices" }, h("legend", {}, stage.say(`${stage.kind}-variant`)),
    variants.map((name, at) => h("label", { class: "choice" },
      h("input", { type: "radio", name: "variant", value: name, checked: at === 0 }),
      h("span", {}, h("strong", {}, stage.say(`motion-${name}`)), stage.say(`motion-${name}-help`)))));
}

function intro(stage) {
  const { variants } = MOTION_TESTS[stage.kind];
  const choices = variantChoice(stage, variants);
  const start = async () => {
    const test = choices ? choices.querySelector("input:checked").value : variants[0];
    const sounder = makeSounder();
    try {
      await askForMotion();
    } catch (error) {
      sounder.close();
      stage.trouble(error, () => intro(stage));
      return;
    }
    if (!stage.gone) measure(stage, test, sounder);
  };
  stage.show("intro",
    h("ol", { class: "how" }, [1, 2, 3].map((step) => h("li", {}, stage.say(`${stage.kind}-how-${step}`)))),
    choices,
    stage.kind === "balance" && h("p", { class: "notice" }, stage.say("balance-care")),
    h("div", { class: "measure-actions" }, stage.button("start", start)));
}

function measure(stage, test, sounder) {
  const settings = MOTION_TESTS[stage.kind];
  const seconds = settings.slow ? SLOW_TRACE_S : FAST_TRACE_S;
  const again = () => intro(stage);
  stage.beginMeasuring();
  stage.atEnd(() => sounder.close());
  const countdown = makeCountdown(stage);
  const ring = makeRing([countdown.element]);
  const trace = makeTrace(seconds);
  const hint = makeHint(stage);
  const cancel = stage.button("cancel", () => {
    stage.endMeasuring();
    again();
  }, "plain-button");
  stage.show("live", ring.element, hint.element, trace.element, h("div", { class: "measure-actions" }, cancel));

  const watch = new MotionWatch(settings.seconds, settings.lead);
  let before = null;
  let startedAt = null;
  let drawnAt = -Infinity;
  const heard = (sample) => {
    const state = watch.add(sample);
    if (state.phase === "interrupted") {
      showRefused(stage, [stage.say("refusal-interrupted")], again);
      return;
    }
    if (state.phase === "counting" && before !== "counting") {
      startedAt = Date.now();
      sounder.play("start");
    }
    before = state.phase;
    ring.show(state.progress);
    countdown.show(state.left_s);
    hint.show(state.phase === "lead" ? `${stage.kind}-lead` : `${stage.kind}-live`, state.phase === "lead" ? "calm" : "good");
    if (sample.time - drawnAt >= DRAW_MS) {
      drawnAt = sample.time;
      trace.draw(traceOf(watch.recent(seconds), settings.slow), settings.slow ? SLOW_FLOOR : FAST_FLOOR);
    }
    if (state.phase === "done") finish(stage, { test, watch, startedAt, sounder, again });
  };
  stage.atEnd(readMotion(heard, (error) => stage.trouble(error, again)));
}

function finish(stage, { test, watch, startedAt, sounder, again }) {
  sounder.play("end");
  stage.endMeasuring();
  const { main } = MOTION_TESTS[stage.kind];
  sendAndShow(stage, "/api/signals/motion", motionBody(test, watch.samples, startedAt), { main, again });
}

/** Mount one of the motion tests; answers `{unmount()}`. */
export function mountMotion(kind, container, services) {
  const stage = new Stage(kind, container, services);
  intro(stage);
  return { unmount: () => stage.unmount() };
}
