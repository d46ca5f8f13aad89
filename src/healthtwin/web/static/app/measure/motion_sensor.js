// Accelerometer and gyroscope through DeviceMotion, in one sign and order whatever the phone.

import { SensorTrouble, requireSecureContext } from "./sensor_trouble.js";

/** A phone without the sensor sends one empty event, or none; after this long there is none. */
const SILENCE_MS = 2500;

/** iPhones have always asked for permission; Chrome asks from version 150 on. */
const asksFirst = () => typeof globalThis.DeviceMotionEvent?.requestPermission === "function";

/** WebKit on iPhones and iPads says gravity with the opposite sign of everybody else; only it knows this property. */
const isTurned = () => CSS.supports("-webkit-touch-callout", "none");

let granted = false;

/** Whether motion may be read, without showing a question. */
export async function mayReadMotion() {
  if (!globalThis.isSecureContext || !globalThis.DeviceMotionEvent) return false;
  if (granted || !asksFirst()) return true;
  // Right after a tap the browser would ask; otherwise it only says what was answered before.
  if (navigator.userActivation?.isActive) return false;
  try {
    granted = (await DeviceMotionEvent.requestPermission()) === "granted";
  } catch {
    granted = false;
  }
  return granted;
}

/**
 * Ask for the motion sensors; call it first thing inside a tap, since browsers refuse otherwise.
 * @throws {SensorTrouble} insecure, none_motion, denied_motion
 */
export async function askForMotion() {
  requireSecureContext();
  if (!globalThis.DeviceMotionEvent) throw new SensorTrouble("none_motion");
  if (!asksFirst()) return;
  let answer;
  try {
    answer = await DeviceMotionEvent.requestPermission();
  } catch {
    answer = "denied";
  }
  if (answer !== "granted") throw new SensorTrouble("denied_motion");
  granted = true;
}

/** One event as a sample, or null for an empty one. m/s² with gravity (up is positive), °/s. */
export function sampleOf(event, sign) {
  const force = event.accelerationIncludingGravity;
  if (typeof force?.x !== "number" || typeof force.y !== "number" || typeof force.z !== "number") return null;
  const turn = event.rotationRate;
  const sample = { time: event.timeStamp, ax: sign * force.x, ay: sign * force.y, az: sign * force.z };
  if (typeof turn?.alpha === "number" && typeof turn.beta === "number" && typeof turn.gamma === "number") {
    Object.assign(sample, { gx: turn.alpha, gy: turn.beta, gz: turn.gamma });
  }
  return sample;
}

/**
 * Call `onSample` for every motion event, `onTrouble` once when the sensor stays silent.
 * @returns a function that stops it
 */
export function readMotion(onSample, onTrouble) {
  const sign = isTurned() ? -1 : 1;
  let before = -Infinity;
  let silence = setTimeout(() => onTrouble(new SensorTrouble("none_motion")), SILENCE_MS);
  const heard = (event) => {
    const sample = sampleOf(event, sign);
    if (!sample || !(sample.time > before)) return;
    clearTimeout(silence);
    silence = null;
    before = sample.time;
    onSample(sample);
  };
  addEventListener("devicemotion", heard);
  return () => {
    clearTimeout(silence);
    removeEventListener("devicemotion", heard);
  };
}

/** The body of `POST /api/signals/motion`; the gyroscope is left out when any sample lacks it. */
export function motionBody(test, samples, startedAtEpochMs) {
  const round = (value) => Math.round(value * 10_000) / 10_000;
  const column = (name) => samples.map((sample) => round(sample[name]));
  const first = samples[0].time;
  const columns = { time_ms: samples.map((sample) => round(sample.time - first)) };
  for (const name of ["ax", "ay", "az"]) columns[name] = column(name);
  if (samples.every((sample) => sample.gx !== undefined)) {
    for (const name of ["gx", "gy", "gz"]) columns[name] = column(name);
  }
  return { timestamp: Math.round(startedAtEpochMs), test, samples: columns };
}
