// What a person's medicines and genes make of each other: quiet, with its sources, and never advice to act alone.

import { fill, h, levelChip } from "./elements.js";

let painted = "";

/** Paint the findings into `place`; without any, the section is empty and takes no room. */
export function showFindings(place, findings) {
  const text = JSON.stringify(findings);
  if (text === painted) return; // what somebody has opened, or stands on with the keyboard, stays as it is
  painted = text;
  fill(place, findings.length > 0 && [
    h("h2", {}, "Medicines and genes"),
    h("p", { class: "hint" }, "Ask your doctor or pharmacist about these; never change a dose yourself."),
    h("ul", { class: "finding-list" }, findings.map((finding) => h("li", { class: "finding" },
      h("p", { class: "finding-head" }, levelChip(finding.urgency), h("b", {}, finding.hypothesis)),
      finding.contraindications.length > 0 && h("ul", { class: "facts-list" },
        finding.contraindications.map((against) => h("li", {}, against))),
      h("details", { class: "finding-why" },
        h("summary", {}, "Why"),
        h("ul", { class: "facts-list" }, finding.evidence.map((fact) => h("li", {}, fact.text,
          h("span", { class: "source" }, fact.source))))))))]);
}
