// The limits that lie on this phone, and the card that says what a value beyond them means: at once, with or without
// a network. The house says more (a second reading, the score of several vitals, the own usual); never less.

import { h, levelChip } from "../js/elements.js";
import { moment, quantity, say, METRICS } from "../js/words.js";
import { meaningOf } from "../js/alert_card.js";
import { now, viewerZone } from "../js/frame.js";
import { personPath } from "../js/server.js";
import { dialled } from "./emergency.js";
import { levelOf, meanings } from "./judge.js";
import { heard, lastHeard } from "./kept.js";
import { line } from "./parts.js";
import { me } from "./session.js";

let table = null;
/** The person's own limits, and whose they are. */
let own = { person: null, limits: null };

/** The rules and the limits of a grown-up: a file of this release, which the service worker keeps. */
async function shipped() {
  table ??= await (await fetch(new URL("limits.json", import.meta.url))).json();
  return table;
}

const pathOf = (person) => personPath(person, "limits");

/** Ask for the person's own limits, so that they lie here when nobody answers. */
export async function learnLimits(person) {
  await shipped();
  try {
    own = { person, limits: (await heard(pathOf(person))).value.limits };
  } catch (error) {
    if (error.status === 401) throw error;
  }
}

/** The person's own limits, as heard or as kept; those of a grown-up before the house was ever asked. */
async function limitsNow() {
  const person = me?.person;
  if (person && own.person !== person) own = { person, limits: (await lastHeard(pathOf(person)).catch(() => undefined))?.limits ?? null };
  return own.limits ?? (await shipped()).limits;
}

/**
 * What values mean at once.
 *
 * @param values by metric, in the unit of the metric table
 * @returns `{metric, value, level, rule, within_h}`, the gravest first; empty inside the limits
 */
export async function judged(values, options = {}) {
  const { rules, within_h: hours, doubtful } = await shipped();
  return meanings(await limitsNow(), values, options).map(({ metric, side, tier }) => {
    const rule = tier > 0 ? rules[metric][side][tier - 1] : doubtful;
    return { metric, value: values[metric], level: levelOf(tier), rule, within_h: hours[rule] ?? null };
  });
}

/** The level of each value beyond a limit, by metric. */
export const levelsOf = async (values) => Object.fromEntries((await judged(values)).map(({ metric, level }) => [metric, level]));

/**
 * The card for values beyond a limit: what, the value itself, whom to call, what to do first.
 *
 * @param found of `judged`, not empty
 * @param options `number` to call; `at`: when it was measured, for one that is not of this moment; `kept`: the house
 *   does not know it yet
 */
export function limitCard(found, { number, at = null, kept = false }) {
  const [gravest] = found;
  const summary = say("alert-summary", { level: gravest.level, within: gravest.within_h ?? 0, what: { code: `rule-${gravest.rule.replaceAll("_", "-")}`, facts: {} } });
  const steps = table.advice[gravest.rule] ?? [];
  return h("section", { class: "alert-card limit-card", role: "alert", data: { level: gravest.level, state: "triggered" } },
    h("header", { class: "alert-head" },
      h("p", { class: "alert-chips" }, levelChip(gravest.level), !summary.startsWith(meaningOf(gravest)) && h("span", { class: "meaning" }, meaningOf(gravest))),
      h("h2", {}, summary),
      h("ul", { class: "limit-values" }, found.map(({ metric, value, rule }) => h("li", {},
        h("b", {}, quantity(metric, value, METRICS[metric].unit)), " ", say(`rule-${rule.replaceAll("_", "-")}`)))),
      at && h("p", { class: "alert-times" }, say("limit-measured", { moment: moment(at, now(), viewerZone) }))),
    h("div", { class: "alert-do" }, h("section", { class: "alert-part" }, h("h3", {}, say("alert-first")),
      gravest.level === "critical" && h("div", { class: "call-first" }, h("p", {}, h("strong", {}, say("alert-call-now"))),
        h("p", { class: "call-numbers" }, h("a", { class: "call-button", href: `tel:${dialled(number)}` }, line("phone"), say("alert-call", { number }))),
        h("p", { class: "hint" }, say("alert-call-local"))),
      h("ol", { class: "advice" }, steps.map((code) => h("li", {}, say(code), h("cite", { class: "source" }, say(`${code}.source`))))))),
    h("p", { class: "hint" }, say(kept ? "limit-kept" : "limit-by-phone")));
}
