// What was last heard from the house: asked anew each time, shown from here, with its age, when nobody answers.

import { ask, Refused } from "../js/server.js";
import { asked, transact } from "./database.js";

/**
 * What the house says to a GET, or what it last said.
 *
 * @returns `{value, at, kept}`: `kept` is true when nobody answered and this is `at` old
 * @throws the refusal, or the network's error when nothing was kept
 */
export async function heard(path) {
  try {
    const value = await ask(path);
    const at = Date.now();
    await transact(["kept"], "readwrite", (kept) => asked(kept.put({ path, value, at })));
    return { value, at, kept: false };
  } catch (error) {
    if (error instanceof Refused && error.status < 500) throw error;
    const last = await transact(["kept"], "readonly", (kept) => asked(kept.get(path)));
    if (!last) throw error;
    return { value: last.value, at: last.at, kept: true };
  }
}

/** What the house last said to a GET; undefined when nothing was kept. */
export const lastHeard = async (path) => (await transact(["kept"], "readonly", (kept) => asked(kept.get(path))))?.value;

/** Forget everything that was heard: the phone may no longer see it. */
export const forgetHeard = () => transact(["kept"], "readwrite", (kept) => asked(kept.clear()));
