// What keeps a sensor from being read, as a code that the words explain: what happened, and what helps.

/** A sensor that cannot be read; `code` names the words, `measure-trouble-<code>`. */
export class SensorTrouble extends Error {
  constructor(code) {
    super(code);
    this.name = "SensorTrouble";
    this.code = code;
  }
}

/** Browsers hand out cameras, microphones and motion sensors over https only (and on the machine itself). */
export function requireSecureContext() {
  if (!globalThis.isSecureContext) throw new SensorTrouble("insecure");
}

// https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia, step "failure"
const KIND_OF_FAILURE = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "none",
  OverconstrainedError: "none",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** What a failed `getUserMedia` means. `sensor`: "camera" or "microphone". */
export function mediaTrouble(error, sensor) {
  if (error instanceof SensorTrouble) return error;
  const kind = KIND_OF_FAILURE[error?.name];
  return kind ? new SensorTrouble(`${kind}_${sensor}`) : error;
}
