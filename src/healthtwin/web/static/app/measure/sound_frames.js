// Stage one of listening, on the phone: from samples to frames that tell a cough from a clap, but not what was
// said. The same arithmetic as healthtwin/sensing/sound_frames.py, which says why each figure is as coarse as it
// is; tests/web/test_sound_frames_agree.py holds the two together.

const VERSION = 1;
const HOPS_PER_S = 100;
const HOPS_PER_BLOCK = 10;
const WINDOWS_PER_BLOCK = 5;
const WINDOWS_PER_S = 25;
const LOW_HZ = 100;
const MIDDLE_HZ = 1000;
const HIGH_HZ = 3400;
const VOICE_TOP_HZ = 1500;
const SLOWEST_VOICE_HZ = 70;
const FASTEST_VOICE_HZ = 400;
const QUIET_POWER = 1e-9;
const FLOOR_POWER = 1e-10;
const CLIPPED_AT = 0.999;
const TINY = 1e-20;

/**
 * Frames of a recording, as `POST /api/signals/audio` takes them under `frames`.
 *
 * @param {Float32Array} samples one channel, -1 to 1, at least 0.2 s of it
 * @param {number} sampleRate whole samples per second, 8000 to 192000
 * @returns {{version: number, duration_s: number, hop_ms: number, block_ms: number, level_db: number[],
 *   centroid_hz: (number|null)[], flatness: (number|null)[], high_share: (number|null)[],
 *   periodicity: (number|null)[], clipped_share: number}}
 */
export function soundFrames(samples, sampleRate) {
  if (!Number.isInteger(sampleRate) || sampleRate < 8000 || sampleRate > 192000) {
    throw new RangeError(`sampleRate: got ${sampleRate}; allowed: 8000 to 192000, whole`);
  }
  if (samples.length < 0.2 * sampleRate) {
    throw new RangeError(`samples: got ${samples.length}; allowed: at least 0.2 s`);
  }
  const frames = Math.floor((samples.length * HOPS_PER_S) / sampleRate);
  const sound = withoutOffset(samples);
  const found = {
    version: VERSION,
    duration_s: samples.length / sampleRate,
    hop_ms: 1000 / HOPS_PER_S,
    block_ms: (1000 * HOPS_PER_BLOCK) / HOPS_PER_S,
    level_db: levels(sound, sampleRate, frames),
    centroid_hz: [],
    flatness: [],
    high_share: [],
    periodicity: [],
    clipped_share: clippedShare(samples),
  };
  const plan = blockPlan(sampleRate);
  const blocks = Math.ceil(frames / HOPS_PER_BLOCK);
  for (let block = 0; block < blocks; block += 1) {
    const colour = blockColour(sound, sampleRate, block, plan);
    found.centroid_hz.push(colour && rounded(colour.centroid, 0.1));
    found.flatness.push(colour && rounded(colour.flatness, 100));
    found.high_share.push(colour && rounded(colour.high, 100));
    found.periodicity.push(colour && rounded(colour.periodicity, 100));
  }
  return found;
}

/** A converter's offset is no sound. */
function withoutOffset(samples) {
  let sum = 0;
  for (let i = 0; i < samples.length; i += 1) sum += samples[i];
  const mean = sum / samples.length;
  return Float64Array.from(samples, (sample) => sample - mean);
}

function rounded(value, steps) {
  return Math.floor(value * steps + 0.5) / steps;
}

function levels(samples, sampleRate, frames) {
  const found = [];
  for (let frame = 0; frame < frames; frame += 1) {
    const start = Math.floor((frame * sampleRate) / HOPS_PER_S);
    const end = Math.floor(((frame + 1) * sampleRate) / HOPS_PER_S);
    let power = 0;
    for (let i = start; i < end; i += 1) power += samples[i] * samples[i];
    found.push(Math.floor(10 * Math.log10(Math.max(power / (end - start), FLOOR_POWER)) + 0.5));
  }
  return found;
}

function clippedShare(samples) {
  let clipped = 0;
  for (let i = 0; i < samples.length; i += 1) if (Math.abs(samples[i]) >= CLIPPED_AT) clipped += 1;
  return clipped / samples.length;
}

function blockPlan(sampleRate) {
  const width = Math.floor(sampleRate / WINDOWS_PER_S);
  let size = 1;
  while (size < 2 * width) size *= 2;
  const window = new Float64Array(width);
  let energy = 0;
  for (let i = 0; i < width; i += 1) {
    window[i] = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / width);
    energy += window[i] * window[i];
  }
  const cosines = new Float64Array(size / 2);
  const sines = new Float64Array(size / 2);
  for (let i = 0; i < size / 2; i += 1) {
    cosines[i] = Math.cos((2 * Math.PI * i) / size);
    sines[i] = -Math.sin((2 * Math.PI * i) / size);
  }
  return {
    width,
    size,
    window,
    energy,
    cosines,
    sines,
    real: new Float64Array(size),
    imaginary: new Float64Array(size),
    power: new Float64Array(size / 2 + 1),
  };
}

/** The four figures of 100 ms, or null where there is silence. */
function blockColour(samples, sampleRate, block, plan) {
  const { width, size, window, energy, real, imaginary, power } = plan;
  power.fill(0);
  for (let k = 0; k < WINDOWS_PER_BLOCK; k += 1) {
    const hop = block * HOPS_PER_BLOCK + (k * HOPS_PER_BLOCK) / WINDOWS_PER_BLOCK;
    // The last windows are drawn back to end with the recording: silence after it would be a click.
    const start = Math.min(Math.floor((hop * sampleRate) / HOPS_PER_S), samples.length - width);
    real.fill(0);
    imaginary.fill(0);
    for (let i = 0; i < width; i += 1) real[i] = samples[start + i] * window[i];
    transform(real, imaginary, plan);
    for (let i = 0; i <= size / 2; i += 1) power[i] += real[i] * real[i] + imaginary[i] * imaginary[i];
  }
  let total = 0;
  let weighted = 0;
  let high = 0;
  let logarithms = 0;
  let bins = 0;
  for (let i = 0; i <= size / 2; i += 1) {
    power[i] /= WINDOWS_PER_BLOCK * energy;
    const hertz = (i * sampleRate) / size;
    if (hertz < LOW_HZ || hertz > HIGH_HZ) continue;
    total += power[i];
    weighted += power[i] * hertz;
    if (hertz >= MIDDLE_HZ) high += power[i];
    logarithms += Math.log(power[i] + TINY);
    bins += 1;
  }
  if ((total * 2) / size <= QUIET_POWER) return null;
  return {
    centroid: weighted / total,
    flatness: Math.exp(logarithms / bins) / (total / bins),
    high: high / total,
    periodicity: periodicity(sampleRate, plan),
  };
}

/** Highest normalised autocorrelation at the periods of a voice; the power spectrum is in plan.power. */
function periodicity(sampleRate, plan) {
  const { width, size, real, imaginary, power } = plan;
  real.fill(0);
  imaginary.fill(0);
  for (let i = 1; i < size / 2; i += 1) {
    const hertz = (i * sampleRate) / size;
    if (hertz < SLOWEST_VOICE_HZ || hertz > VOICE_TOP_HZ) continue;
    real[i] = power[i];
    real[size - i] = power[i]; // even in frequency, so that its transform is the (real) autocorrelation
  }
  transform(real, imaginary, plan);
  const first = Math.ceil(sampleRate / FASTEST_VOICE_HZ);
  const last = Math.floor(sampleRate / SLOWEST_VOICE_HZ);
  let best = -Infinity;
  for (let lag = first; lag <= last; lag += 1) {
    const share = lag / width;
    const turn = 2 * Math.PI * share;
    const taper = ((1 - share) * (2 + Math.cos(turn))) / 3 + Math.sin(turn) / (2 * Math.PI);
    best = Math.max(best, real[lag] / size / taper);
  }
  return Math.min(1, Math.max(-1, best / Math.max(real[0] / size, TINY)));
}

/** Fast Fourier transform in place, radix 2. */
function transform(real, imaginary, { size, cosines, sines }) {
  for (let i = 1, j = 0; i < size; i += 1) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [real[i], real[j]] = [real[j], real[i]];
      [imaginary[i], imaginary[j]] = [imaginary[j], imaginary[i]];
    }
  }
  for (let length = 2; length <= size; length *= 2) {
    const half = length / 2;
    const stride = size / length;
    for (let start = 0; start < size; start += length) {
      for (let k = 0; k < half; k += 1) {
        const even = start + k;
        const odd = even + half;
        const re = real[odd] * cosines[k * stride] - imaginary[odd] * sines[k * stride];
        const im = real[odd] * sines[k * stride] + imaginary[odd] * cosines[k * stride];
        real[odd] = real[even] - re;
        imaginary[odd] = imaginary[even] - im;
        real[even] += re;
        imaginary[even] += im;
      }
    }
  }
}
