// "Who needs me now": everybody, worst first, alive.

import { byId, fill, h, icon, stateChip, statusChip } from "./elements.js";
import { age, announce, clockSeen, now, opened, ticking } from "./frame.js";
import { byUrgency, keepAlert, keepAlerts } from "./alert_card.js";
import { ask, follow, openAlerts, personPath } from "./server.js";
import { MINUTE, PHASE_ENDS, STATUS_ORDER, digits, learning, moment, say, saying, span, unitWord } from "./words.js";

const GROUPS = [
  { id: "now", statuses: ["critical", "warning"] },
  { id: "aware", statuses: ["info"] },
  { id: "unknown", statuses: ["unknown"], note: "group-unknown-note" },
  { id: "rest", statuses: ["learning", "usual"], note: "group-rest-note" },
];
const SHOWN_VALUES = ["heart_rate", "respiratory_rate", "oxygen_saturation", "body_temperature"];
/** From here on looking for a name beats reading the list. */
const SEARCH_FROM = 9;
const SETTLE_MS = 500;
/** Readings go stale by time alone, without an event; so everybody's standing is asked for now and then. */
const ASK_AGAIN_MS = MINUTE;

const people = new Map(opened.people.map((person) => [person.id, person]));
const alerts = new Map(opened.alerts.map((alert) => [alert.id, alert]));
const cards = new Map();
const groups = new Map();
const dirty = new Set();
const asking = new Set();
let wanted = "";
let scheduled = false;

function worstAlertOf(person) {
  return [...alerts.values()].filter((alert) => alert.person === person.id && alert.state !== "resolved").sort(byUrgency)[0];
}

function headline(person, alert) {
  if (alert) return saying(alert.said, alert.summary);
  if (person.status === "unknown") {
    return person.last_reading_at ? say("person-silent-for", { span: span(now() - person.last_reading_at) }) : say("no-reading-yet");
  }
  return learning(person.phase, person.days);
}

/** Simulated beside real people: then each one says what they are, not only the ribbon. */
const mixed = () => [...people.values()].some((person) => !person.synthetic);

function facts(person, alert) {
  const last = person.last_reading_at && h("span", { class: "fact" }, say("last-reading"), " ", age(person.last_reading_at));
  return h("p", { class: "facts" },
    alert && h("span", { class: "fact" }, say("person-since", { moment: moment(alert.started_at, now(), person.timezone) })),
    alert && alert.state !== "triggered" && stateChip(alert.state),
    person.alerts_off_until > now() && h("span", { class: "fact off" }, icon("bell_off"), say("person-alerts-off", { moment: moment(person.alerts_off_until, now(), person.timezone) })),
    last,
    alert && person.phase === "silent" && h("span", { class: "fact" }, say("person-learning", { days: Math.min(person.days, PHASE_ENDS.silent), of: PHASE_ENDS.silent })),
    person.synthetic && mixed() && h("span", { class: "fact" }, say("person-synthetic")));
}

function values(person) {
  const latest = new Map(person.latest.map((value) => [value.metric, value]));
  const shown = SHOWN_VALUES.filter((metric) => latest.has(metric));
  return h("dl", { class: "values" }, shown.map((metric) => {
    const value = latest.get(metric);
    // Each vital keeps its column, also where somebody's device measures fewer of them.
    const column = { style: { "grid-column": SHOWN_VALUES.indexOf(metric) + 1 } };
    return h("div", column, h("dt", {}, say(`column-${metric}`)),
      h("dd", {}, h("b", {}, digits(metric, value.value)), " ", h("span", {}, unitWord(value.unit))));
  }));
}

function paintCard(person) {
  const alert = worstAlertOf(person);
  const card = cards.get(person.id) ?? h("li", { class: "person-card", data: { person: person.id } });
  cards.set(person.id, card);
  card.dataset.level = person.status;
  const link = card.querySelector("a") ?? h("a", { href: `/people/${person.id}` });
  link.textContent = person.name;
  // The link element stays the same one, so a focused link keeps its focus through a repaint.
  const head = card.querySelector("h3") ?? h("h3", {}, link);
  const body = h("div", { class: "person-words" }, h("p", { class: "headline" }, headline(person, alert)), facts(person, alert));
  const chip = statusChip(person.status);
  if (card.firstElementChild) {
    card.querySelector(".chip").replaceWith(chip);
    card.querySelector(".person-words").replaceWith(body);
    card.querySelector(".values").replaceWith(values(person));
  } else {
    card.append(h("div", { class: "person-name" }, head, chip), body, values(person));
  }
}

function order(a, b) {
  return STATUS_ORDER.indexOf(a.status) - STATUS_ORDER.indexOf(b.status) || a.name.localeCompare(b.name);
}

function place() {
  const sorted = [...people.values()].sort(order);
  const visible = sorted.filter((person) => person.name.toLowerCase().includes(wanted));
  const focused = document.activeElement;
  for (const { id, statuses } of GROUPS) {
    const group = groups.get(id);
    const members = visible.filter((person) => statuses.includes(person.status)).map((person) => cards.get(person.id));
    group.section.hidden = members.length === 0;
    group.count.textContent = members.length;
    // Only what stands in the wrong place is moved: a moved element loses its focus.
    const list = [...group.list.children];
    if (list.length !== members.length || list.some((card, at) => card !== members[at])) group.list.replaceChildren(...members);
  }
  if (focused !== document.activeElement && document.contains(focused)) focused.focus();
  overview(sorted);
}

function overview(sorted) {
  const count = (...statuses) => sorted.filter((person) => statuses.includes(person.status)).length;
  const parts = [];
  const urgent = count("critical", "warning");
  if (urgent) parts.push(say("people-needed", { n: urgent, all: sorted.length }));
  else if (sorted.length) parts.push(say("people-none-needed", { all: sorted.length }));
  if (count("unknown")) parts.push(say("people-unknown", { n: count("unknown") }));
  byId("overview").textContent = parts.join(" · ");
}

function build() {
  const main = byId("people");
  if (people.size === 0) {
    main.replaceChildren(byId("empty-house").content.cloneNode(true));
    for (const slot of main.querySelectorAll("[data-origin]")) slot.textContent = location.origin;
    byId("overview").textContent = "";
    groups.clear();
    return;
  }
  if (groups.size > 0) return;
  const search = h("input", { type: "search", id: "search", placeholder: say("people-find"), "aria-label": say("people-find"), autocomplete: "off",
    on: { input: (event) => { wanted = event.target.value.trim().toLowerCase(); place(); } } });
  fill(main, people.size >= SEARCH_FROM && search, ...GROUPS.map(({ id, note }) => {
    const count = h("span", { class: "count" });
    const list = h("ul", { class: "person-list" });
    const section = h("section", { "aria-labelledby": `group-${id}` },
      h("div", { class: "section-head" }, h("h2", { id: `group-${id}` }, say(`group-${id}`), " ", count), note && h("p", { class: "hint" }, say(note))), list);
    groups.set(id, { section, list, count });
    return section;
  }));
}

function paint() {
  scheduled = false;
  build();
  if (people.size === 0) return;
  for (const id of dirty) if (people.has(id)) paintCard(people.get(id));
  dirty.clear();
  place();
}

/** Many readings may arrive between two frames; each person is painted once per frame. */
function repaint(id) {
  dirty.add(id);
  if (!scheduled) {
    scheduled = true;
    requestAnimationFrame(paint);
  }
}

const heardSince = new Set();

function showAll(nextPeople, nextAlerts) {
  people.clear();
  for (const person of nextPeople) people.set(person.id, person);
  keepAlerts(alerts, nextAlerts, heardSince);
  for (const [id, card] of cards) {
    if (!people.has(id)) {
      card.remove();
      cards.delete(id);
    }
  }
  people.forEach((_, id) => repaint(id));
  if (people.size === 0) paint();
}

showAll(opened.people, opened.alerts);
paint();
ticking(() => people.forEach((_, id) => repaint(id)));

/** Somebody's standing may have changed with a reading (from unknown), or they are new: ask, once for a burst. */
function askAgain(id) {
  if (asking.has(id)) return;
  asking.add(id);
  setTimeout(async () => {
    asking.delete(id);
    try {
      people.set(id, await ask(personPath(id)));
      repaint(id);
    } catch {
      // Erased meanwhile, or the connection is gone, which the stream tells.
    }
  }, SETTLE_MS);
}

setInterval(async () => {
  try {
    for (const person of await ask("/api/people")) {
      people.set(person.id, person);
      repaint(person.id);
    }
  } catch {
    // As above.
  }
}, ASK_AGAIN_MS);

follow({
  reading: ({ person: id, t, values: fresh }) => {
    clockSeen(t);
    const person = people.get(id);
    if (!person || person.status === "unknown") askAgain(id);
    if (!person) return;
    if (t < (person.last_reading_at ?? 0)) return;
    const latest = person.latest.map((value) => (value.metric in fresh ? { ...value, value: fresh[value.metric], at: t } : value));
    people.set(id, { ...person, last_reading_at: t, latest });
    repaint(id);
  },
  person: (person) => {
    people.set(person.id, person);
    repaint(person.id);
  },
  alert: (alert) => {
    const known = alerts.get(alert.id);
    heardSince.add(alert.id);
    keepAlert(alerts, alert);
    if (alert.level === "critical" && alert.state === "triggered" && known?.level !== "critical") {
      announce(say("critical-of", { name: alert.person_name, summary: saying(alert.said, alert.summary) }));
    }
    repaint(alert.person);
  },
  deleted: ({ person: id }) => {
    people.delete(id);
    cards.get(id)?.remove();
    cards.delete(id);
    repaint(id);
  },
}, async () => {
  heardSince.clear();
  showAll(...await Promise.all([ask("/api/people"), openAlerts()]));
});
