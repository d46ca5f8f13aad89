// "Check vitals": the measuring screens, which bring their own look.

import { mountChooser, mountMeasurement } from "../measure/index.js";

/** The chooser, or one kind of measurement. */
export function mount(container, services, [kind]) {
  return kind ? mountMeasurement(kind, container, services) : mountChooser(container, services);
}
