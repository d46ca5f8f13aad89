// What a pulse oximeter and a heart-rate strap say over Bluetooth, read from their bytes. Pure.
//
// Sources: Bluetooth SIG, GATT Specification Supplement ("PLX Continuous Measurement", "PLX Spot-Check
// Measurement", "Heart Rate Measurement") and IEEE 11073-20601, 16-bit floats.

export const OXIMETER_SERVICE = 0x1822;
export const PLX_SPOT_CHECK = 0x2a5e;
export const PLX_CONTINUOUS = 0x2a5f;
export const HEART_RATE_SERVICE = 0x180d;
export const HEART_RATE_MEASUREMENT = 0x2a37;

/** IEEE 11073 codes that are not numbers: not a number, not at this resolution, ±infinity, reserved. */
const NOT_NUMBERS = new Set([0x07ff, 0x0800, 0x07fe, 0x0802, 0x0801]);

/** A 16-bit float: 4-bit exponent of ten, 12-bit mantissa, both signed; null for what is not a number. */
export function sfloat(word) {
  if (NOT_NUMBERS.has(word)) return null;
  const signed = (value, bits) => (value >= 1 << (bits - 1) ? value - (1 << bits) : value);
  const exponent = signed(word >> 12, 4);
  const mantissa = signed(word & 0x0fff, 12);
  // Dividing keeps 97.5 at 97.5, where multiplying by 0.1 would leave a trace of binary.
  return exponent < 0 ? mantissa / 10 ** -exponent : mantissa * 10 ** exponent;
}

/** Measurement status bits after which a value must not be used. */
const UNUSABLE_STATUS = {
  demonstration: 1 << 10, testing: 1 << 11, calibrating: 1 << 12, unavailable: 1 << 13, questionable: 1 << 14, invalid: 1 << 15,
};

/** Device and sensor status bits that say why there is no sound value. */
const UNUSABLE_SENSOR = {
  malfunction: 1 << 1, inadequate_signal: 1 << 3, poor_signal: 1 << 4, erratic_signal: 1 << 6, no_pulse: 1 << 7,
  questionable: 1 << 8, no_finger: 1 << 11, displaced: 1 << 13, sensor_malfunction: 1 << 14, disconnected: 1 << 15,
};

const firstSet = (word, bits) => Object.keys(bits).find((name) => word & bits[name]) ?? null;

/** Reads little-endian fields one after the other; a message that ends too early throws RangeError. */
function reader(view) {
  let at = 0;
  /** Where the next bytes begin, which are read with this. */
  const passed = (bytes) => {
    at += bytes;
    return at - bytes;
  };
  return {
    byte: () => view.getUint8(at++),
    word: () => view.getUint16(passed(2), true),
    triple() {
      const from = passed(3);
      return view.getUint16(from, true) | (view.getUint8(from + 2) << 16);
    },
    skip: (bytes) => { passed(bytes); },
    left: () => view.byteLength - at,
  };
}

function plx(spo2, pulse, trouble) {
  const inRange = spo2 !== null && spo2 > 0 && spo2 <= 100;
  return { spo2, pulse: pulse !== null && pulse > 0 ? pulse : null, trouble: trouble ?? (inRange ? null : "no_value") };
}

const statusTrouble = (fields, flags, measurement, sensor) => {
  const status = flags & measurement ? firstSet(fields.word(), UNUSABLE_STATUS) : null;
  const device = flags & sensor ? firstSet(fields.triple(), UNUSABLE_SENSOR) : null;
  // The sensor's own reason says more than "invalid".
  return device ?? status;
};

/**
 * PLX Continuous Measurement (0x2A5F).
 * @param {DataView} view
 * @returns {{spo2: number|null, pulse: number|null, trouble: string|null}} %, /min; `trouble` names why not to use it
 */
export function readPlxContinuous(view) {
  const fields = reader(view);
  const flags = fields.byte();
  const spo2 = sfloat(fields.word());
  const pulse = sfloat(fields.word());
  if (flags & 0x01) fields.skip(4); // fast-responding averages
  if (flags & 0x02) fields.skip(4); // slow-responding averages
  return plx(spo2, pulse, statusTrouble(fields, flags, 0x04, 0x08));
}

/** PLX Spot-Check Measurement (0x2A5E); answers as `readPlxContinuous`. */
export function readPlxSpotCheck(view) {
  const fields = reader(view);
  const flags = fields.byte();
  const spo2 = sfloat(fields.word());
  const pulse = sfloat(fields.word());
  if (flags & 0x01) fields.skip(7); // the device's own date and time, which nobody set
  return plx(spo2, pulse, statusTrouble(fields, flags, 0x02, 0x04));
}

/**
 * Heart Rate Measurement (0x2A37).
 * @returns {{heartRate: number, contact: boolean|null, intervals_ms: number[]}} `contact` null: the strap can't tell
 */
export function readHeartRate(view) {
  const fields = reader(view);
  const flags = fields.byte();
  const heartRate = flags & 0x01 ? fields.word() : fields.byte();
  if (flags & 0x08) fields.skip(2); // energy expended
  const intervals = [];
  if (flags & 0x10) while (fields.left() >= 2) intervals.push((fields.word() * 1000) / 1024);
  return { heartRate, contact: flags & 0x04 ? Boolean(flags & 0x02) : null, intervals_ms: intervals };
}
