// A short tone and a buzz: with the phone on the chest or in a pocket nobody sees the countdown.

const HERTZ = { start: 660, end: 880 };
const SECONDS = 0.25;
const LOUDNESS = 0.25;
const BUZZ_MS = { start: [120], end: [180, 90, 180] };

/** A sounder; make it inside a tap, since browsers let no page make a sound before one. */
export function makeSounder() {
  const Context = globalThis.AudioContext ?? globalThis.webkitAudioContext;
  const context = Context ? new Context() : null;
  context?.resume?.();

  const beep = (at, hertz) => {
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.frequency.value = hertz;
    // A ramp instead of a step: no click.
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
    gain.gain.linearRampToValueAtTime(0, at + SECONDS);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(at);
    oscillator.stop(at + SECONDS);
  };

  return {
    /** "start" sounds once, "end" twice. */
    play(name) {
      navigator.vibrate?.(BUZZ_MS[name]);
      if (!context) return;
      beep(context.currentTime, HERTZ[name]);
      if (name === "end") beep(context.currentTime + SECONDS * 1.4, HERTZ[name]);
    },
    close() {
      // Later, so that the last tone is heard to its end.
      if (context) setTimeout(() => context.close(), 1500);
    },
  };
}
