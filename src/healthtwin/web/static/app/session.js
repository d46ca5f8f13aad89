// Whose phone this is: pairing, the proof that a request is ours, and what the house says of us.

import { ask, Refused } from "../js/server.js";
import { clockIs } from "../js/frame.js";
import { eraseEverything, fact, keepFact } from "./database.js";
import { forgetHeard } from "./kept.js";
import { adopt } from "./queue.js";

/** `{person, name, device, csrf, kind, synthetic}` of the paired phone; null before. */
export let me = null;

/** What is noted of the person and not of the phone: how far the first questions came, when they last measured. */
const OF_THE_PERSON = ["welcome", "welcomed", "baseline", "measured", "reminded"];

function become(pairing) {
  me = pairing;
  document.querySelector("meta[name=csrf-token]").content = pairing?.csrf ?? "";
}

/** Who this phone was paired to, as kept; null when it never was, or is no longer. */
export async function remember() {
  const pairing = await fact("pairing").catch(() => undefined);
  become(pairing && !pairing.ended ? pairing : null);
  return me;
}

/** Ask the house who we are: renews the session, and tells how wrong the phone's clock is. */
export async function meet() {
  const said = await ask("/api/me");
  if (!said.person || !said.device) throw new Refused(401, null);
  clockIs(said.now, said.kind);
  const { person, name, device, csrf, kind, synthetic } = said;
  become({ person, name, device, csrf, kind, synthetic });
  await keepFact("pairing", me);
  return me;
}

/** Pair this phone with a one-time code. Throws what the house refused. */
export async function pair(code, label) {
  const answer = await ask("/api/pair", { method: "POST", body: { code, label } });
  const former = await fact("pairing");
  await forgetHeard();
  if (former?.person !== answer.person) for (const name of OF_THE_PERSON) await keepFact(name, undefined);
  await keepFact("pairing", answer);
  await adopt(former, answer);
  become(answer);
  await meet();
}

/** The house no longer knows this phone: what it was allowed to see goes, what waits to be sent stays. */
export async function ended() {
  const pairing = await fact("pairing");
  if (pairing) await keepFact("pairing", { ...pairing, ended: true });
  await forgetHeard();
  become(null);
}

/** Erase this phone: its pairing, everything kept, everything waiting. The house keeps what it has. */
export async function erase() {
  try {
    await ask("/sign-out", { method: "POST" });
  } catch {
    // Without a network the pairing is ended from another device; what is here goes in any case.
  }
  await eraseEverything();
  for (const name of await caches?.keys() ?? []) await caches.delete(name);
  for (const worker of await navigator.serviceWorker?.getRegistrations() ?? []) await worker.unregister();
  become(null);
}
