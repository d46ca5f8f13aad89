// "Who needs me now": everybody, worst first, alive.

import { byId, fill, h, icon, stateChip, statusChip } from "./elements.js";
import { age, announce, clockSeen, now, opened, ticking } from "./frame.js";
import { byUrgency, keepAlert } from "./alert_card.js";
import { ask, follow, openAlerts, personPath } from "./server.js";
import { MINUTE, STATUS_ORDER, digits, learning, moment, span, unitWord } from "./words.js";

const GROUPS = [
  { id: "now", title: "Needs somebody", statuses: ["critical", "warning"] },
  { id: "aware", title: "Be aware", statuses: ["info"] },
  { id: "unknown", title: "Unknown", statuses: ["unknown"], note: "No fresh reading, so nothing can be said about them." },
  { id: "rest", title: "No open alert", statuses: ["learning", "usual"], note: "Nothing raised an alert in the readings that came in. If somebody feels ill, call for help." },
];
const SHOWN_VALUES = ["heart_rate", "respiratory_rate", "oxygen_saturation", "body_temperature"];
const SHORT_LABEL = { heart_rate: "Heart", respiratory_rate: "Breathing", oxygen_saturation: "SpO₂", body_temperature: "Temp." };
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
  if (alert) return alert.summary;
  if (person.status === "unknown") {
    return person.last_reading_at ? `No reading for ${span(now() - person.last_reading_at)}` : "No reading yet";
  }
  return learning(person.phase, person.days);
}

/** Simulated beside real people: then each one says what they are, not only the ribbon. */
const mixed = () => [...people.values()].some((person) => !person.synthetic);

function facts(person, alert) {
  const last = person.last_reading_at && h("span", { class: "fact" }, "Last reading ", age(person.last_reading_at));
  return h("p", { class: "facts" },
    alert && h("span", { class: "fact" }, `Since ${moment(alert.started_at, now(), person.timezone)}`),
    alert && alert.state !== "triggered" && stateChip(alert.state),
    person.alerts_off_until > now() && h("span", { class: "fact off" }, icon("bell_off"), `Alerts are off until ${moment(person.alerts_off_until, now(), person.timezone)}`),
    last,
    alert && person.phase === "silent" && h("span", { class: "fact" }, `Learning, day ${Math.min(person.days, 30)} of 30`),
    person.synthetic && mixed() && h("span", { class: "fact" }, "Synthetic"));
}

function values(person) {
  const latest = new Map(person.latest.map((value) => [value.metric, value]));
  const shown = SHOWN_VALUES.filter((metric) => latest.has(metric));
  return h("dl", { class: "values" }, shown.map((metric) => {
    const value = latest.get(metric);
    // Each vital keeps its column, also where somebody's device measures fewer of them.
    const column = { style: { "grid-column": SHOWN_VALUES.indexOf(metric) + 1 } };
    return h("div", column, h("dt", {}, SHORT_LABEL[metric]),
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
  if (urgent) parts.push(`${urgent} of ${sorted.length} ${urgent === 1 ? "needs" : "need"} somebody`);
  else if (sorted.length) parts.push(`No open critical or warning alert among ${sorted.length} ${sorted.length === 1 ? "person" : "people"}`);
  if (count("unknown")) parts.push(`${count("unknown")} unknown`);
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
  const search = h("input", { type: "search", id: "search", placeholder: "Find by name", "aria-label": "Find by name", autocomplete: "off",
    on: { input: (event) => { wanted = event.target.value.trim().toLowerCase(); place(); } } });
  fill(main, people.size >= SEARCH_FROM && search, ...GROUPS.map(({ id, title, note }) => {
    const count = h("span", { class: "count" });
    const list = h("ul", { class: "person-list" });
    const section = h("section", { "aria-labelledby": `group-${id}` },
      h("div", { class: "section-head" }, h("h2", { id: `group-${id}` }, title, " ", count), note && h("p", { class: "hint" }, note)), list);
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

function showAll(nextPeople, nextAlerts) {
  people.clear();
  alerts.clear();
  for (const person of nextPeople) people.set(person.id, person);
  for (const alert of nextAlerts) keepAlert(alerts, alert);
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
    keepAlert(alerts, alert);
    if (alert.level === "critical" && alert.state === "triggered" && known?.level !== "critical") {
      announce(`Critical: ${alert.person_name}: ${alert.summary}`);
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
  showAll(...await Promise.all([ask("/api/people"), openAlerts()]));
});
