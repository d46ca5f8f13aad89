// The measuring screens' public face.

import { mountBluetooth } from "./bluetooth_screen.js";
import { showChooser } from "./chooser.js";
import { mountCough } from "./cough_screen.js";
import { mountMotion } from "./motion_screen.js";
import { MOTION_TESTS } from "./motion_tests.js";
import { mountPulse } from "./pulse_screen.js";
import { mountTyped } from "./typed_screen.js";

export { ROUND_MS, activityRound } from "./activity_round.js";

/** Every measurement there is. */
export const KINDS = ["pulse", ...Object.keys(MOTION_TESTS), "cough", "typed", "oximeter", "strap"];

/** Show what can be checked; answers `{unmount()}`. */
export function mountChooser(container, services) {
  return showChooser(container, services);
}

/** Show one measurement of `KINDS`; an unknown one shows the list. Answers `{unmount()}`. */
export function mountMeasurement(kind, container, services) {
  if (kind === "pulse") return mountPulse(container, services);
  if (kind === "cough") return mountCough(container, services);
  if (kind === "typed") return mountTyped(container, services);
  if (kind === "oximeter" || kind === "strap") return mountBluetooth(kind, container, services);
  if (kind in MOTION_TESTS) return mountMotion(kind, container, services);
  return showChooser(container, services);
}
