// One alert's own page.

import { byId, fill, h } from "./elements.js";
import { age, announce, clockSeen, now, opened, ticking, viewerZone } from "./frame.js";
import { ask, follow, personPath } from "./server.js";
import { alertCard, notices } from "./alert_card.js";
import { say, saying } from "./words.js";

let { person, alert } = opened;
const zone = person.timezone;
/** On a small screen the evidence is a list: of a table one would see the first column. */
const narrow = matchMedia("(max-width: 40rem)").matches;
const card = alertCard(alert, { zone, narrow, mayAct: opened.may_act, onChange: taken });
function taken(next) {
  if (next.level !== alert.level && next.level === "critical") announce(say("now-critical", { summary: saying(next.said, next.summary) }));
  alert = next;
}

function showPerson(next) {
  person = next;
  fill(byId("about"),
    zone !== viewerZone && h("span", {}, say("times-are-theirs", { name: person.name, zone: zone.replaceAll("_", " ") })),
    h("span", {}, person.last_reading_at ? [say("last-reading"), " ", age(person.last_reading_at)] : say("no-reading-yet")));
  fill(byId("alerts-off"), notices(person));
}

byId("alert").append(card.element);
ticking(() => showPerson(person));

follow({
  reading: (reading) => {
    clockSeen(reading.t);
    if (reading.person === person.id) showPerson({ ...person, last_reading_at: Math.max(person.last_reading_at ?? 0, reading.t) });
  },
  person: (next) => next.id === person.id && showPerson(next),
  alert: (next) => {
    // A renamed episode arrives under its new id but is still the one open for this dedup key.
    const renamed = next.person === alert.person && next.dedup_key === alert.dedup_key && alert.state !== "resolved";
    if (next.id !== alert.id && !(renamed && next.state !== "resolved")) return;
    taken(next);
    card.show(next);
  },
  deleted: (gone) => gone.person === person.id && location.assign("/"),
}, async () => {
  const [nextAlert, nextPerson] = await Promise.all([ask(`/api/alerts/${encodeURIComponent(alert.id)}`), ask(personPath(person.id))]);
  clockSeen(nextPerson.last_reading_at ?? now());
  taken(nextAlert);
  card.show(nextAlert);
  showPerson(nextPerson);
}, person.id);
