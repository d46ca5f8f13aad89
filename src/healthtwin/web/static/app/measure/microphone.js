// The microphone as plain samples, without what browsers do to make speech pleasant.

import { SensorTrouble, mediaTrouble, requireSecureContext } from "./sensor_trouble.js";
import { soundFrames } from "./sound_frames.js";

/** Gain control and noise suppression take coughs for noise and remove them. */
const AS_IT_IS = { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1 };
const OLD_PIECE = 4096;

async function throughWorklet(context, source, onPiece) {
  await context.audioWorklet.addModule(new URL("./recorder_worklet.js", import.meta.url));
  const node = new AudioWorkletNode(context, "recorder", { numberOfOutputs: 0 });
  node.port.onmessage = ({ data }) => onPiece(data);
  source.connect(node);
}

function throughScriptProcessor(context, source, onPiece) {
  const node = context.createScriptProcessor(OLD_PIECE, 1, 1);
  node.onaudioprocess = ({ inputBuffer }) => onPiece(inputBuffer.getChannelData(0).slice());
  source.connect(node);
  node.connect(context.destination); // else it is never called; its output is silence
}

/** On the audio thread where that works, else the way of older browsers. */
async function hear(context, source, onPiece) {
  try {
    await throughWorklet(context, source, onPiece);
  } catch (error) {
    if (context.state === "closed") throw error; // the screen was left meanwhile
    throughScriptProcessor(context, source, onPiece);
  }
}

/**
 * Open the microphone; call it inside a tap. `onPiece` gets Float32Array pieces from -1 to 1, in order.
 * @returns {{sampleRate: number, onLost: (listener: () => void) => void, stop: () => void}}
 * @throws {SensorTrouble} insecure, denied_microphone, none_microphone, busy_microphone
 */
export async function openMicrophone(onPiece) {
  requireSecureContext();
  const Context = globalThis.AudioContext ?? globalThis.webkitAudioContext;
  if (!navigator.mediaDevices?.getUserMedia || !Context) throw new SensorTrouble("none_microphone");
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: AS_IT_IS, video: false });
  } catch (error) {
    throw mediaTrouble(error, "microphone");
  }
  const context = new Context();
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
    if (context.state !== "closed") context.close();
  };
  try {
    await context.resume();
    const source = context.createMediaStreamSource(stream);
    await hear(context, source, onPiece);
  } catch (error) {
    stop();
    throw error;
  }
  const [track] = stream.getAudioTracks();
  return {
    sampleRate: context.sampleRate,
    onLost: (listener) => track.addEventListener("ended", listener, { once: true }),
    stop,
  };
}

/** Pieces joined into one array. */
export function joined(pieces) {
  const whole = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Samples as base64 of signed 16-bit little-endian. */
function pcm16(samples) {
  const bytes = new DataView(new ArrayBuffer(samples.length * 2));
  samples.forEach((sample, at) => bytes.setInt16(at * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32767), true));
  const text = [];
  const whole = new Uint8Array(bytes.buffer);
  for (let at = 0; at < whole.length; at += 0x8000) text.push(String.fromCharCode(...whole.subarray(at, at + 0x8000)));
  return btoa(text.join(""));
}

/**
 * The body of `POST /api/signals/audio`: figures computed here, from which no word can be heard; the sound itself
 * only with the person's consent to this one recording.
 */
export function soundBody(kind, samples, { rate, startedAt, consent }) {
  const about = { timestamp: Math.round(startedAt), kind };
  if (consent !== true) return { ...about, frames: soundFrames(samples, rate) };
  return { ...about, sample_rate: rate, pcm16: pcm16(samples), consent: true };
}
