// What waits to be sent, and what the house refused: nothing is thrown away without the person saying so.

import { fill, h } from "../../js/elements.js";
import { METRICS, ago, metricWord, quantity, say } from "../../js/words.js";
import { discard, flush, onQueue, queueState, tryAgain, waitingEntries } from "../queue.js";
import { button } from "../parts.js";

const kindOf = (path) => (/\/(ppg|motion|audio|vitals|events|acknowledge)$/.exec(path)?.[1] ?? "other");

/** What an entry holds, in words: values with their units, or what was written. */
function contents({ body }) {
  const values = Object.entries(body ?? {}).filter(([metric, value]) => metric in METRICS && typeof value === "number")
    .map(([metric, value]) => `${metricWord(metric, "short")} ${quantity(metric, value, METRICS[metric].unit)}`);
  return [...values, body?.text].filter(Boolean).join(", ");
}

function whyNot(entry) {
  if (entry.status === 0) return say("queue-former-pairing");
  if (entry.status === 409 && entry.path.startsWith("/api/alerts/")) return say("queue-overtaken");
  if (entry.status === 409) return say("queue-conflict");
  return say("queue-refused", { why: entry.problem?.detail ?? entry.problem?.title ?? entry.status });
}

/** Mount the screen. */
export async function mount(container) {
  const body = h("div");
  fill(container, h("h1", {}, say("queue-title")), body);

  async function paint() {
    const [{ waiting, parked }, entries] = [await queueState(), await waitingEntries()];
    fill(body,
      h("p", { id: "waiting-count" }, waiting > 0 ? say("queue-waiting", { n: waiting }) : say("queue-none")),
      waiting > 0 && h("p", { class: "hint" }, say("queue-goes-by-itself")),
      waiting > 0 && h("ul", { class: "grants queue-list" }, entries.map((entry) => h("li", { class: "grant" }, h("div", { class: "grant-words" },
        h("b", {}, say(`queue-kind-${kindOf(entry.path)}`)), contents(entry) && h("p", {}, contents(entry)), h("p", { class: "hint" }, ago(Date.now() - entry.at)))))),
      waiting > 0 && button(say("queue-now"), "plain", () => flush({ now: true })),
      parked.length > 0 && [h("h2", {}, say("queue-refused-title")), h("ul", { class: "grants" }, parked.map((entry) => h("li", { class: "grant", data: { status: entry.status } },
        h("div", { class: "grant-words" }, h("b", {}, say(`queue-kind-${kindOf(entry.path)}`)), contents(entry) && h("p", {}, contents(entry)),
          h("p", { class: "hint" }, ago(Date.now() - entry.at)), h("p", {}, whyNot(entry))),
        h("div", { class: "verb-row" },
          entry.status !== 0 && entry.status !== 409 && button(say("queue-again"), "plain", () => tryAgain(entry.id)),
          button(say("queue-discard"), "plain", () => discard(entry.id))))))]);
  }
  await paint();
  return { unmount: onQueue(paint) };
}
