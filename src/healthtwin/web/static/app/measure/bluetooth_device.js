// A sensor over Web Bluetooth: chosen by the person, listened to while the screen is open.

import { SensorTrouble, requireSecureContext } from "./sensor_trouble.js";

/** Whether this browser can reach Bluetooth sensors at all (Chrome and Edge on Android and desks; no iPhone). */
export const hasBluetooth = () => Boolean(navigator.bluetooth?.requestDevice);

// https://webbluetoothcg.github.io/web-bluetooth/#device-discovery: what `requestDevice` fails with.
const KIND_OF_FAILURE = { NotFoundError: "none_bluetooth", NotAllowedError: "denied_bluetooth", SecurityError: "denied_bluetooth", NetworkError: "lost_bluetooth" };

/**
 * Let the person choose a device with `service` and listen to those of `characteristics` that it has; call it first
 * thing inside a tap.
 * @param {Map<number, (view: DataView) => void>} characteristics by assigned number
 * @returns {{name: string, onLost: (listener: () => void) => void, stop: () => void}}
 * @throws {SensorTrouble} insecure, no_bluetooth, none_bluetooth, denied_bluetooth, lost_bluetooth
 */
export async function listenTo(service, characteristics) {
  requireSecureContext();
  if (!hasBluetooth()) throw new SensorTrouble("no_bluetooth");
  let device;
  try {
    device = await navigator.bluetooth.requestDevice({ filters: [{ services: [service] }] });
    const server = await device.gatt.connect();
    const offered = await (await server.getPrimaryService(service)).getCharacteristics();
    let listening = 0;
    for (const [number, onValue] of characteristics) {
      const uuid = globalThis.BluetoothUUID.canonicalUUID(number);
      const found = offered.find((each) => each.uuid === uuid);
      if (!found) continue;
      found.addEventListener("characteristicvaluechanged", () => onValue(found.value));
      await found.startNotifications();
      listening += 1;
    }
    if (listening === 0) throw new SensorTrouble("silent_bluetooth");
  } catch (error) {
    device?.gatt?.disconnect();
    if (error instanceof SensorTrouble) throw error;
    const code = KIND_OF_FAILURE[error?.name];
    throw code ? new SensorTrouble(code) : error;
  }
  let ours = true;
  return {
    name: device.name ?? "",
    onLost: (listener) => device.addEventListener("gattserverdisconnected", () => ours && listener(), { once: true }),
    stop() {
      ours = false;
      device.gatt.disconnect();
    },
  };
}
