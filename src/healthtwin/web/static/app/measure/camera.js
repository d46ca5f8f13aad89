// The rear camera as a light meter: mean colours frame by frame, with the torch on and the exposure held.

import { SensorTrouble, mediaTrouble, requireSecureContext } from "./sensor_trouble.js";

/** Small frames: only their mean counts, and a phone reads them 30 times a second without getting warm. */
const WANTED = { width: { ideal: 320 }, height: { ideal: 240 }, frameRate: { ideal: 30 } };

/** What is averaged per frame: 3,072 pixels bring the rounding to whole numbers below a hundredth of a step. */
const GRID_WIDTH = 64;
const GRID_HEIGHT = 48;

/** What the camera would otherwise readjust in the middle of a pulse. */
const HELD = { exposureMode: "manual", whiteBalanceMode: "manual", focusMode: "manual" };

/**
 * Open the rear camera (or `deviceId`) on `video` and light the torch where there is one.
 *
 * The torch is asked for after the camera runs: browsers ignore or refuse it in the first request.
 * @returns {{torch: boolean, hold: () => Promise<boolean>, others: () => Promise<string[]>, deviceId: string,
 *   onLost: (listener: () => void) => void, stop: () => void}}
 * @throws {SensorTrouble} insecure, denied_camera, none_camera, busy_camera
 */
export async function openCamera(video, deviceId = null) {
  requireSecureContext();
  if (!navigator.mediaDevices?.getUserMedia) throw new SensorTrouble("none_camera");
  const which = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: "environment" } };
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { ...WANTED, ...which }, audio: false });
  } catch (error) {
    throw mediaTrouble(error, "camera");
  }
  const [track] = stream.getVideoTracks();
  const stop = () => {
    for (const each of stream.getTracks()) each.stop();
    video.srcObject = null;
  };
  video.srcObject = stream;
  // Not waited for: a stream that never starts is noticed by its missing frames, and can be left meanwhile.
  video.play().catch(() => {});
  const able = track.getCapabilities?.() ?? {};
  // Each request replaces the former one, so what holds already is asked for again every time.
  const kept = [];
  const also = async (constraint) => {
    try {
      await track.applyConstraints({ advanced: [...kept, constraint] });
      kept.push(constraint);
      return true;
    } catch {
      return false; // listed as a capability and refused all the same: measure without it
    }
  };
  const torch = able.torch === true || able.torch?.includes?.(true) ? await also({ torch: true }) : false;
  return {
    torch,
    deviceId: track.getSettings?.().deviceId ?? "",
    /** Hold exposure, white balance and focus as they are now; true when all that the camera offers is held. */
    async hold() {
      let all = true;
      for (const [name, value] of Object.entries(HELD)) {
        if (able[name]?.includes?.(value)) all = (await also({ [name]: value })) && all;
      }
      return all;
    },
    /** Ids of the other cameras that do not face the person: some phones open one without a torch first. */
    async others() {
      const devices = await navigator.mediaDevices.enumerateDevices();
      const here = track.getSettings?.().deviceId;
      return devices
        .filter((device) => device.kind === "videoinput" && device.deviceId && device.deviceId !== here)
        .filter((device) => !/front|user|selfie|vorder/i.test(device.label))
        .map((device) => device.deviceId);
    },
    onLost: (listener) => track.addEventListener("ended", listener, { once: true }),
    stop,
  };
}

function makeGrid() {
  const canvas = globalThis.OffscreenCanvas
    ? new OffscreenCanvas(GRID_WIDTH, GRID_HEIGHT)
    : Object.assign(document.createElement("canvas"), { width: GRID_WIDTH, height: GRID_HEIGHT });
  return canvas.getContext("2d", { willReadFrequently: true, alpha: false });
}

/**
 * Mean colours of a frame.
 * @param {Uint8ClampedArray} pixels RGBA
 * @returns {{red: number, green: number, blue: number, spread: number}} 0–255; `spread`: standard deviation of
 *   red over the frame, as part of its mean
 */
export function colours(pixels) {
  let red = 0;
  let green = 0;
  let blue = 0;
  let squares = 0;
  for (let at = 0; at < pixels.length; at += 4) {
    red += pixels[at];
    green += pixels[at + 1];
    blue += pixels[at + 2];
    squares += pixels[at] * pixels[at];
  }
  const count = pixels.length / 4;
  const mean = red / count;
  const spread = mean > 0 ? Math.sqrt(Math.max(0, squares / count - mean * mean)) / mean : 0;
  return { red: mean, green: green / count, blue: blue / count, spread };
}

/**
 * Call `onFrame({time, red, green, blue, spread})` for every new frame; `time` in ms on the camera's own clock.
 * @returns a function that stops it
 */
export function readFrames(video, onFrame) {
  const grid = makeGrid();
  let running = true;
  let clock = null;
  let before = -Infinity;

  const take = (time) => {
    if (!(time > before)) return; // the same frame again
    before = time;
    grid.drawImage(video, 0, 0, GRID_WIDTH, GRID_HEIGHT);
    onFrame({ time, ...colours(grid.getImageData(0, 0, GRID_WIDTH, GRID_HEIGHT).data) });
  };

  if (video.requestVideoFrameCallback) {
    const frame = (_, about) => {
      if (!running) return;
      // When the light fell in, where the browser knows it, else the stream's own time: the moment of painting
      // wobbles by 20 ms and more. The first frame decides, since the two clocks start at different zeros.
      clock ??= typeof about.captureTime === "number" ? "captureTime" : "mediaTime";
      take(clock === "captureTime" ? about.captureTime ?? NaN : about.mediaTime * 1000);
      video.requestVideoFrameCallback(frame);
    };
    video.requestVideoFrameCallback(frame);
  } else {
    let shown = -1;
    const frame = (now) => {
      if (!running) return;
      if (video.readyState >= 2 && video.currentTime !== shown) {
        shown = video.currentTime;
        take(now);
      }
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }
  return () => { running = false; };
}
