// The screen stays on while something is measured: a dark screen stops camera, microphone and sensors.

/** Keep the screen on until the returned function is called; a browser without wake locks just dims. */
export function keepAwake() {
  let lock = null;
  let wanted = true;

  const take = async () => {
    if (!wanted || lock || document.visibilityState !== "visible" || !navigator.wakeLock) return;
    try {
      const taken = await navigator.wakeLock.request("screen");
      if (!wanted) {
        taken.release();
        return;
      }
      lock = taken;
      lock.addEventListener("release", () => { lock = null; });
    } catch {
      // Refused on low battery or in power saving: the measurement still runs as long as the screen stays on.
    }
  };
  // The browser releases the lock whenever the page is hidden; it is taken again when the page comes back.
  document.addEventListener("visibilitychange", take);
  take();

  return () => {
    wanted = false;
    document.removeEventListener("visibilitychange", take);
    lock?.release();
  };
}
