// A pulse oximeter or a heart-rate strap over Bluetooth: shown live, stored once steady and then every five minutes.

import { fill, h } from "../../js/elements.js";
import { listenTo } from "./bluetooth_device.js";
import { OximeterCollection, StrapCollection } from "./bluetooth_collecting.js";
import {
  HEART_RATE_MEASUREMENT, HEART_RATE_SERVICE, OXIMETER_SERVICE, PLX_CONTINUOUS, PLX_SPOT_CHECK,
  readHeartRate, readPlxContinuous, readPlxSpotCheck,
} from "./bluetooth_values.js";
import { makeRing } from "./drawings.js";
import { quantity } from "./answer.js";
import { SensorTrouble } from "./sensor_trouble.js";
import { Stage, makeHint } from "./stage.js";

const STRAP_S = 60;
/** While the screen stays open: as often as the twin looks. */
const EVERY_MS = 5 * 60_000;

const SENSORS = {
  oximeter: {
    service: OXIMETER_SERVICE,
    readers: new Map([[PLX_CONTINUOUS, readPlxContinuous], [PLX_SPOT_CHECK, readPlxSpotCheck]]),
    collect: () => new OximeterCollection(),
    live: ({ spo2, pulse }) => ({ oxygen_saturation: spo2, heart_rate: pulse }),
  },
  strap: {
    service: HEART_RATE_SERVICE,
    readers: new Map([[HEART_RATE_MEASUREMENT, readHeartRate]]),
    collect: () => new StrapCollection(STRAP_S),
    live: ({ heartRate }) => ({ heart_rate: heartRate }),
  },
};

function intro(stage) {
  stage.show("intro",
    h("ol", { class: "how" }, [1, 2, 3].map((step) => h("li", {}, stage.say(`${stage.kind}-how-${step}`)))),
    h("div", { class: "measure-actions" }, stage.button("connect", () => connect(stage)), stage.leaveButton()),
    h("p", { class: "hint" }, stage.say("bluetooth-where")));
}

/** What a message says; null for one that ends too early, which is the device's fault and left out. */
function readMessage(read, view) {
  try {
    return read(view);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

async function connect(stage) {
  const again = () => intro(stage);
  const sensor = SENSORS[stage.kind];
  let onReading = () => {};
  const listeners = new Map([...sensor.readers].map(([number, read]) => [number, (view) => onReading(readMessage(read, view))]));
  let device;
  try {
    device = await listenTo(sensor.service, listeners);
  } catch (error) {
    stage.trouble(error, again);
    return;
  }
  if (stage.gone) {
    device.stop();
    return;
  }
  stage.beginMeasuring();
  stage.atEnd(device.stop);
  device.onLost(() => stage.trouble(new SensorTrouble("lost_bluetooth"), again));
  onReading = follow(stage, sensor, device, again);
}

function follow(stage, sensor, device, again) {
  const numbers = h("div", { class: "live-values", "aria-hidden": "true" });
  const ring = makeRing([numbers]);
  const hint = makeHint(stage);
  const log = h("p", { class: "hint", role: "status" });
  const alarm = h("div", {});
  const stop = stage.button("disconnect", () => {
    stage.endMeasuring();
    again();
  }, "plain-button");
  stage.show("live", h("p", { class: "device-name" }, device.name), alarm, ring.element, hint.element, log,
    h("div", { class: "measure-actions" }, stop));
  hint.show(`${stage.kind}-waiting`, "calm");
  const collection = sensor.collect();
  let storedAt = -Infinity;

  return (reading) => {
    if (!reading) return;
    const now = performance.now();
    fill(numbers, Object.entries(sensor.live(reading)).filter(([, value]) => value !== null).map(([metric, value]) => {
      const [number, unit] = quantity(stage, metric, value);
      return h("p", { data: { metric } }, h("strong", {}, number), " ", h("span", {}, unit));
    }));
    if (now - storedAt < EVERY_MS) return;
    const state = collection.add(reading, now);
    ring.show(state.progress);
    if (state.trouble) hint.show(`bluetooth-trouble-${state.trouble}`, "attention");
    else hint.show("bluetooth-collecting", "calm");
    if (!state.values) return;
    storedAt = now;
    collection.clear();
    hint.show("bluetooth-stored", "good");
    store(stage, { values: state.values, quality: state.quality, device: device.name, log, alarm });
  };
}

async function store(stage, { values, quality, device, log, alarm }) {
  const body = { timestamp: Date.now(), device: device || stage.kind, ...values };
  if (quality !== undefined) body.quality = Math.round(quality * 100) / 100;
  const said = Object.entries(values).map(([metric, value]) =>
    `${stage.metric(metric)} ${quantity(stage, metric, value).join(" ")}`).join(", ");
  // Before the house has answered: what the value means is known here.
  fill(alarm, await stage.services.beyondLimits?.(values, { at: body.timestamp }));
  let outcome;
  try {
    outcome = await stage.services.submit("/api/vitals", body);
  } catch (error) {
    console.error(error);
    fill(log, stage.say("trouble-unexpected"));
    return;
  }
  if (outcome.queued) fill(log, stage.say("bluetooth-queued", { values: said }));
  else if (outcome.status < 400) fill(log, stage.say("bluetooth-sent", { values: said }));
  else fill(log, outcome.answer?.detail ?? stage.say("refused-unclear"));
}

/** Mount the oximeter's or the strap's screen; answers `{unmount()}`. */
export function mountBluetooth(kind, container, services) {
  const stage = new Stage(kind, container, services);
  intro(stage);
  return { unmount: () => stage.unmount() };
}
