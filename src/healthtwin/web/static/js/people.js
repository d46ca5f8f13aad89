// "Who needs me now": everybody, worst first, alive.

import { byId, fill, h, icon, stateChip, statusChip } from "./elements.js";
import { age, announce, clockSeen, now, opened, ticking } from "./frame.js";
import { byUrgency, keepAlert, keepAlerts } from "./alert_card.js";
import { ask, follow, openAlerts, personPath } from "./server.js";
import { MINUTE, PHASE_ENDS, STATUS_ORDER, digits, keptBack, learning, metricWord, moment, say, saying, span, staleAfter, unitWord } from "./words.js";

const GROUPS = [
  { id: "now", statuses: ["critical", "warning"] },
  { id: "aware", statuses: ["info"] },
  { id: "unknown", statuses: ["unknown"], note: "group-unknown-note" },
  { id: "rest", statuses: ["learning", "usual"], note: "group-rest-note" },
];
const SHOWN_VALUES = ["heart_rate", "respiratory_rate", "oxygen_saturation", "body_temperature"];
/** From here on looking for a name beats reading the list. */
const SEARCH_FROM = 9;
/** A group is shown so far; the rest on demand. Who needs somebody is always shown. */
const SHOWN_AT_FIRST = 30;
/** Of more people than this, those who need nobody take one line each. */
const CONDENSED_FROM = 16;
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
/** Groups that somebody has opened in full. */
const openedInFull = new Set();
/** How many people there are, also before all of them have been heard of. */
let all = opened.all ?? opened.people.length;
let scheduled = false;

function worstAlertOf(person) {
  return [...alerts.values()].filter((alert) => alert.person === person.id && alert.state !== "resolved").sort(byUrgency)[0];
}

/** Values that say something about now and lie beyond an absolute limit, the gravest first. */
function beyond(person) {
  return person.latest.filter((value) => value.level && value.level !== "info" && isFresh(value))
    .sort((a, b) => STATUS_ORDER.indexOf(a.level) - STATUS_ORDER.indexOf(b.level));
}

const isFresh = (value) => now() - value.at <= staleAfter(value.metric);

function headline(person, alert) {
  if (alert) return saying(alert.said, alert.summary);
  if (person.closed_by_hand) return say("alert-held", { level: person.closed_by_hand.level });
  const [worst] = beyond(person);
  // A value beyond a limit without an open alert: alerts are off, or a second reading is waited for. Never a calm word.
  if (worst) return say("person-beyond", { metric: worst.metric, value: worst.value });
  if (person.withheld.length > 0 && person.status === "unknown") return keptBack(person.withheld);
  if (person.status === "unknown") {
    return person.last_reading_at ? say("person-silent-for", { span: span(now() - person.last_reading_at) }) : say("no-reading-yet");
  }
  // In a long list the same sentence 400 times over says less than a few words.
  if (all >= CONDENSED_FROM && person.phase === "silent") return say("person-learning", { days: Math.min(person.days, PHASE_ENDS.silent), of: PHASE_ENDS.silent });
  return learning(person.phase, person.days);
}

/** Simulated beside real people: then each one says what they are, not only the ribbon. */
const mixed = () => [...people.values()].some((person) => !person.synthetic);

function facts(person, alert) {
  const last = person.last_reading_at && h("span", { class: "fact" }, say("last-reading"), " ", age(person.last_reading_at));
  return h("p", { class: "facts" },
    alert && h("span", { class: "fact" }, say("person-since", { moment: moment(alert.started_at, now(), person.timezone) })),
    alert && alert.state !== "triggered" && stateChip(alert.state),
    person.alerts_off && h("span", { class: "fact off" }, icon("bell_off"), say("alert-off-always")),
    (person.clock_problems ?? []).length > 0 && h("span", { class: "fact off" }, icon("warning"), say("person-clock")),
    person.alerts_off_until > now() && h("span", { class: "fact off" }, icon("bell_off"), say("person-alerts-off", { moment: moment(person.alerts_off_until, now(), person.timezone) })),
    last,
    person.news2 != null && h("span", { class: "fact" }, say("person-news2", { score: person.news2 })),
    moving(person) && h("span", { class: "fact" }, say("person-moving")),
    alert && person.phase === "silent" && h("span", { class: "fact" }, say("person-learning", { days: Math.min(person.days, PHASE_ENDS.silent), of: PHASE_ENDS.silent })),
    person.synthetic && mixed() && h("span", { class: "fact" }, say("person-synthetic")));
}

/** A fast heart of somebody who moves is explained by that. */
const moving = (person) => person.latest.some((value) => value.metric === "activity_level" && value.value >= 1 && isFresh(value));

function values(person) {
  const latest = new Map(person.latest.map((value) => [value.metric, value]));
  // What lies beyond a limit is shown whatever it is.
  const further = beyond(person).map((value) => value.metric).filter((metric) => !SHOWN_VALUES.includes(metric));
  const shown = [...SHOWN_VALUES, ...further].filter((metric) => latest.has(metric));
  return h("dl", { class: "values" }, shown.map((metric) => {
    const value = latest.get(metric);
    // Each vital keeps its column, also where somebody's device measures fewer of them.
    const place = SHOWN_VALUES.indexOf(metric);
    const level = isFresh(value) && value.level !== "info" ? value.level : null;
    const column = { data: { metric, level: level ?? "" }, style: place < 0 ? {} : { "grid-column": place + 1 } };
    return h("div", column, h("dt", {}, level && icon(level), place < 0 ? metricWord(metric, "short") : say(`column-${metric}`), level && h("span", { class: "visually-hidden" }, ` ${say(`level-${level}`)}`)),
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

/** In which group somebody stands: a value beyond a limit needs somebody, alert or not. */
function groupOf(person) {
  const status = beyond(person).length > 0 && !["critical", "warning"].includes(person.status) ? beyond(person)[0].level : person.status;
  return GROUPS.find(({ statuses }) => statuses.includes(status)).id;
}

function order(a, b) {
  return STATUS_ORDER.indexOf(a.status) - STATUS_ORDER.indexOf(b.status) || a.name.localeCompare(b.name);
}

function place() {
  const sorted = [...people.values()].sort(order);
  const focused = document.activeElement;
  let found = 0;
  for (const { id } of GROUPS) {
    const group = groups.get(id);
    const members = sorted.filter((person) => groupOf(person) === id);
    const named = members.filter((person) => person.name.toLowerCase().includes(wanted));
    found += wanted ? named.length : 0;
    // Looking for a name never hides who needs somebody.
    const listed = wanted && id !== "now" ? named : members;
    const shown = id === "now" || wanted || openedInFull.has(id) ? listed : listed.slice(0, SHOWN_AT_FIRST);
    const cardsShown = shown.map(cardOf);
    group.section.hidden = listed.length === 0;
    group.section.classList.toggle("condensed", id === "rest" && members.length >= CONDENSED_FROM);
    group.count.textContent = wanted && listed.length < members.length ? say("people-of", { n: listed.length, all: members.length }) : members.length;
    group.more.hidden = shown.length === listed.length;
    group.more.textContent = say("people-more", { n: listed.length - shown.length });
    // Only what stands in the wrong place is moved: a moved element loses its focus.
    const list = [...group.list.children];
    if (list.length !== cardsShown.length || list.some((card, at) => card !== cardsShown[at])) group.list.replaceChildren(...cardsShown);
  }
  if (focused !== document.activeElement && document.contains(focused)) focused.focus();
  byId("people-found").textContent = wanted ? say("people-found", { n: found, name: wanted }) : "";
  overview(sorted);
}

/** The card of a person, made when it is first shown: of 500 people most are not on the screen. */
function cardOf(person) {
  if (!cards.has(person.id)) paintCard(person);
  return cards.get(person.id);
}

function overview(sorted) {
  const count = (id) => sorted.filter((person) => groupOf(person) === id).length;
  const parts = [];
  const urgent = count("now");
  if (urgent) parts.push(say("people-needed", { n: urgent, all: Math.max(all, sorted.length) }));
  else if (sorted.length) parts.push(say("people-none-needed", { all: Math.max(all, sorted.length) }));
  if (sorted.length < all) parts.push(say("people-loading"));
  else if (count("unknown")) parts.push(say("people-unknown", { n: count("unknown") }));
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
  fill(main, all >= SEARCH_FROM && search, h("p", { class: "hint", id: "people-found", role: "status" }), ...GROUPS.map(({ id, note }) => {
    const count = h("span", { class: "count" });
    const list = h("ul", { class: "person-list" });
    const more = h("button", { type: "button", class: "plain-button people-more", hidden: true, on: { click: () => { openedInFull.add(id); place(); } } });
    const section = h("section", { "aria-labelledby": `group-${id}` },
      h("div", { class: "section-head" }, h("h2", { id: `group-${id}` }, say(`group-${id}`), " ", count), note && h("p", { class: "hint" }, say(note))), list, more);
    groups.set(id, { section, list, count, more });
    return section;
  }));
}

function paint() {
  scheduled = false;
  build();
  if (people.size === 0) return;
  for (const id of dirty) if (people.has(id) && cards.has(id)) paintCard(people.get(id));
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
  all = nextPeople.length;
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
all = opened.all ?? all;
paint();
if (people.size < all) askEverybody();
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

async function askEverybody() {
  try {
    const answer = await ask("/api/people");
    all = answer.length;
    for (const person of answer) {
      people.set(person.id, person);
      repaint(person.id);
    }
  } catch {
    // As above.
  }
}
setInterval(askEverybody, ASK_AGAIN_MS);

follow({
  reading: ({ person: id, t, values: fresh, levels = {} }) => {
    clockSeen(t);
    const person = people.get(id);
    if (!person || person.status === "unknown") askAgain(id);
    if (!person) return;
    if (t < (person.last_reading_at ?? 0)) return;
    const latest = person.latest.map((value) => (value.metric in fresh ? { ...value, value: fresh[value.metric], at: t, level: levels[value.metric] ?? null } : value));
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
