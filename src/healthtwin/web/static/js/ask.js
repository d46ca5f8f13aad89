// Asking the house: one function, the proof that a page of ours asks, and what happens when it wants a proof anew.

import { language } from "./words.js";

/** Under which a browser remembers that the house has not heard of a sign-out. */
export const OWED = "healthtwin-signed-out";

/** Whether somebody signed out here while nobody answered: the house hears of it first of all. */
export const owed = () => {
  try {
    return localStorage.getItem(OWED) !== null;
  } catch {
    return false;
  }
};

/** What the server refused, with its own words (`application/problem+json`). */
export class Refused extends Error {
  constructor(status, problem, retryAfterS = null) {
    super(problem?.detail || problem?.title || `the server answered ${status}`);
    this.status = status;
    this.problem = problem;
    this.retryAfterS = retryAfterS;
  }
}

const proof = () => document.querySelector("meta[name=csrf-token]");

/** Learn the session's proof anew: another tab may have replaced its cookie. Whether it is another one. */
async function learnProof() {
  const before = proof().content;
  await once("/api/me", {});
  return proof().content !== before;
}

/**
 * A JSON answer. Throws `Refused` for a refusal and TypeError when nobody answers.
 *
 * Where the house asks for a proof anew, a dialogue does, and the question is put again.
 */
export async function ask(path, options = {}) {
  try {
    return await once(path, options);
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 403) throw error;
    if (error.problem?.step_up) {
      const { confirmed } = await import("./step_up.js");
      if (await confirmed()) return once(path, options);
    } else if (error.message.includes("X-CSRF-Token") && await learnProof().catch(() => false)) {
      return once(path, options);
    }
    throw error;
  }
}

async function once(path, { method = "GET", body }) {
  const headers = { Accept: "application/json", "Accept-Language": language };
  if (method !== "GET") headers["X-CSRF-Token"] = proof().content;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(path, {
    method, headers, credentials: "same-origin", cache: "no-store",
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  let answer = null;
  try {
    answer = text ? JSON.parse(text) : null;
  } catch {
    // A proxy on the way may answer in HTML; the status below still tells.
  }
  if (!response.ok) throw new Refused(response.status, answer, Number(response.headers.get("retry-after")) || null);
  // Whatever gives the session another cookie says the proof that goes with it.
  if (answer?.csrf) proof().content = answer.csrf;
  return answer;
}
