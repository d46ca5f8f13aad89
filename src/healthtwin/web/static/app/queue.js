// What the person measured or wrote, on its way to the house: stored first, sent in order, each exactly once.
//
// Every entry takes the device's next number in the same transaction that stores it. The house knows (device,
// number), so an entry that was sent twice because an answer got lost is stored once. One tab at a time sends.

import { ask, Refused } from "../js/server.js";
import { METRICS } from "../js/words.js";
import { asked, transact } from "./database.js";

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 5 * 60_000;
/** `online` does not fire after a reload without a network, so something has to look by itself. */
const LOOK_AGAIN_MS = 20_000;
/** How long a screen waits for the answer to what it sent; after that it is on its way like everything else. */
const ANSWER_WITHIN_MS = 20_000;
const ANSWERS_KEPT_MS = 60 * 60_000;
/** Refusals that pass by themselves. */
const COME_AGAIN = new Set([408, 425, 429, 507]);

const LOCK = "healthtwin-queue";
const channel = new BroadcastChannel("healthtwin-queue");
const listeners = new Set();
let retry = FIRST_RETRY_MS;
let notBefore = 0;
let timer = 0;
let running = null;
let following = null;
let whenUnpaired = () => {};

/** Run `listener` whenever something was put into the queue, sent, refused or thrown away, by whichever tab. */
export function onQueue(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function changed() {
  channel.postMessage("changed");
  listeners.forEach((listener) => listener());
}
channel.addEventListener("message", () => listeners.forEach((listener) => listener()));

/** Begin to send, now and whenever it may work again. `unpaired` runs when the house no longer knows this phone. */
export function startSending(unpaired) {
  whenUnpaired = unpaired;
  flush();
  setInterval(() => flush(), LOOK_AGAIN_MS);
  addEventListener("online", () => flush({ now: true }));
  document.addEventListener("visibilitychange", () => !document.hidden && flush({ now: true }));
}

/**
 * Store something that is to be sent; returns its id once the disk has it.
 *
 * Numbers start from the clock, so they are not used again even where the browser threw our storage away but
 * kept the pairing.
 */
async function put(path, body) {
  // Only readings and events are counted: the house knows an alert by its own id.
  const counted = !path.startsWith("/api/alerts/");
  const id = await transact(["meta", "queue"], "readwrite", async (meta, queue) => {
    const pairing = await asked(meta.get("pairing"));
    if (!pairing) throw new Error("this phone is not paired");
    const last = (await asked(meta.get("sequence"))) ?? 0;
    const sequence = Math.max(last + 1, Date.now());
    await asked(meta.put(sequence, "sequence"));
    return asked(queue.add({
      device: pairing.device, sequence, path, body: counted ? { ...body, sequence } : body, at: Date.now(), state: "waiting", tries: 0,
    }));
  });
  changed();
  return id;
}

/**
 * Store, then send. Never throws for what the house or the network does.
 *
 * @returns `{queued: true}` while it waits, else `{answer, status}`; of a refusal, the problem and its status
 */
export async function submit(path, body) {
  const id = await put(path, body);
  if (!navigator.onLine) return { queued: true };
  await Promise.race([flush({ now: true }), new Promise((resolve) => setTimeout(resolve, ANSWER_WITHIN_MS))]);
  return transact(["queue", "answers"], "readwrite", async (queue, answers) => {
    const answer = await asked(answers.get(id));
    if (answer) {
      await asked(answers.delete(id));
      return { answer: answer.answer, status: answer.status };
    }
    const entry = await asked(queue.get(id));
    return entry?.state === "parked" ? { answer: entry.problem, status: entry.status } : { queued: true };
  });
}

/** Vitals that the house does not know yet, the newest value of each metric: `{value, at}` by metric. */
export async function unsentVitals() {
  const entries = await transact(["queue"], "readonly", (queue) => asked(queue.getAll()));
  const newest = {};
  for (const { path, body, state } of entries) {
    if (path !== "/api/vitals" || state !== "waiting") continue;
    for (const [metric, value] of Object.entries(body)) {
      if (metric in METRICS && typeof value === "number" && body.timestamp >= (newest[metric]?.at ?? 0)) newest[metric] = { value, at: body.timestamp };
    }
  }
  return newest;
}

/** Every entry that waits, in the order in which it goes out. */
export const waitingEntries = async () => (await transact(["queue"], "readonly", (queue) => asked(queue.getAll())))
  .filter((entry) => entry.state === "waiting");

/** What was done with alerts and the house does not know yet: the verb, by the alert's id. */
export async function unsentVerbs() {
  const entries = await transact(["queue"], "readonly", (queue) => asked(queue.getAll()));
  const verbs = entries.filter((entry) => entry.state === "waiting").map((entry) => /^\/api\/alerts\/([^/]+)\/(\w+)$/.exec(entry.path)).filter(Boolean);
  return Object.fromEntries(verbs.map(([, alert, verb]) => [decodeURIComponent(alert), verb]));
}

/** What waits, and what was refused and waits for the person. */
export async function queueState() {
  const entries = await transact(["queue"], "readonly", (queue) => asked(queue.getAll()));
  return {
    waiting: entries.filter((entry) => entry.state === "waiting").length,
    parked: entries.filter((entry) => entry.state === "parked"),
  };
}

/** Throw a refused entry away, because the person said so. */
export async function discard(id) {
  await transact(["queue"], "readwrite", (queue) => asked(queue.delete(id)));
  changed();
}

/** Try a refused entry once more, as it is. */
export async function tryAgain(id) {
  await change(id, { state: "waiting" });
  return flush({ now: true });
}

/**
 * The phone was paired anew. What the same person measured and nobody ever tried to send goes out under the new
 * device; what may have arrived under the old one, or is somebody else's, waits for the person.
 */
export async function adopt(former, pairing) {
  if (!former) return;
  await transact(["queue"], "readwrite", async (queue) => {
    for (const entry of await asked(queue.getAll())) {
      if (entry.device === pairing.device) continue;
      const ours = former.person === pairing.person && entry.tries === 0;
      await asked(queue.put(ours
        ? { ...entry, device: pairing.device }
        : { ...entry, state: "parked", status: 0, problem: { title: "former_pairing" } }));
    }
  });
  changed();
}

const change = (id, changes) => transact(["queue"], "readwrite", async (queue) => {
  const entry = await asked(queue.get(id));
  if (entry) await asked(queue.put({ ...entry, ...changes }));
});

/** Send what waits. A call while another runs is followed by one more look, so that nothing new is missed. */
export function flush({ now = false } = {}) {
  if (now) notBefore = 0;
  if (!running) {
    running = alone(drain).finally(() => { running = null; });
    return running;
  }
  following ??= running.then(() => {
    following = null;
    return flush();
  });
  return following;
}

const alone = (work) => (navigator.locks ? navigator.locks.request(LOCK, work) : work());

async function drain() {
  if (Date.now() < notBefore) return;
  try {
    for (let entry = await next(); entry; entry = await next()) {
      if (!(await sent(entry))) return;
    }
  } finally {
    await forgetAnswers();
  }
}

const next = async () => {
  const entries = await transact(["queue"], "readonly", (queue) => asked(queue.getAll()));
  return entries.find((entry) => entry.state === "waiting");
};

/** Send one; false when everything after it has to wait too. */
async function sent(entry) {
  await change(entry.id, { tries: entry.tries + 1 });
  try {
    const answer = await ask(entry.path, { method: "POST", body: entry.body });
    await transact(["queue", "answers"], "readwrite", async (queue, answers) => {
      await asked(queue.delete(entry.id));
      await asked(answers.put({ id: entry.id, answer, status: 200, at: Date.now() }));
    });
    retry = FIRST_RETRY_MS;
    changed();
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) return later();
    if (error.status === 401) {
      whenUnpaired();
      return later();
    }
    if (COME_AGAIN.has(error.status) || error.status >= 500) return later(error.retryAfterS);
    await change(entry.id, { state: "parked", status: error.status, problem: error.problem ?? { detail: error.message } });
    changed();
    return true;
  }
}

/** Nobody answers, or not now: wait twice as long as before, with jitter, or as long as the house asks for. */
function later(seconds = null) {
  const wait = seconds === null ? retry * (0.5 + Math.random()) : seconds * 1_000;
  notBefore = Date.now() + wait;
  retry = Math.min(retry * 2, LONGEST_RETRY_MS);
  clearTimeout(timer);
  timer = setTimeout(() => flush(), wait + 1);
  return false;
}

const forgetAnswers = () => transact(["answers"], "readwrite", async (answers) => {
  for (const answer of await asked(answers.getAll())) {
    if (answer.at < Date.now() - ANSWERS_KEPT_MS) await asked(answers.delete(answer.id));
  }
});
