// The phone app: finds its language and its person, shows one screen at a time, sends what waits.

import { byId, fill, h } from "../js/elements.js";
import { announce as interrupt, clockSeen, showLink, themed, ticking, toast, viewerZone } from "../js/frame.js";
import { follow, personPath, Refused } from "../js/server.js";
import { notices } from "../js/alert_card.js";
import { showNotices as showAccessNotices } from "../js/access_panel.js";
import { language, say, saying } from "../js/words.js";
import { dialled, emergencyNumber } from "./emergency.js";
import { begin } from "./language.js";
import { onQueue, queueState, startSending, submit } from "./queue.js";
import { me, meet, remember, ended } from "./session.js";
import { fact, keepFact } from "./database.js";
import { heard } from "./kept.js";
import { judged, learnLimits, limitCard } from "./limits.js";
import { line } from "./parts.js";

/** Screens by the first part of their path; each module has `mount(container, services, rest)`. */
const SCREENS = {
  now: () => import("./screens/now.js"),
  check: () => import("./screens/check.js"),
  ill: () => import("./screens/ill.js"),
  alerts: () => import("./screens/alerts.js"),
  sharing: () => import("./screens/sharing.js"),
  settings: () => import("./screens/settings.js"),
  waiting: () => import("./screens/waiting.js"),
  pair: () => import("./screens/pair.js"),
  welcome: () => import("./screens/welcome.js"),
};
const TABS = ["now", "check", "ill", "alerts", "sharing"];
const OPEN_TO_ALL = new Set(["pair", "settings"]);

const heardOf = new EventTarget();
let shown = null;
let turn = 0;
let number = "112";
let whose = null;

// ---------------------------------------------------------------- what screens are given

const services = {
  submit: send,
  words: say,
  navigate,
  /** Said by a screen reader when it is done with what it is saying. */
  announce: (text) => { byId("polite").textContent = text; },
  get locale() { return language; },
  get me() { return me; },
  /** The local emergency number. */
  get number() { return number; },
  /** Run `listener(detail)` at a live event (`reading`, `alert`, `person`, `event`, `refresh`); returns its end. */
  on(name, listener) {
    const hear = (event) => listener(event.detail);
    heardOf.addEventListener(name, hear);
    return () => heardOf.removeEventListener(name, hear);
  },
  /** The card for values beyond a limit, known here without asking anybody; null where all are inside. */
  async beyondLimits(values, options) {
    const found = await judged(values);
    return found.length > 0 ? limitCard(found, { number, ...options }) : null;
  },
  /** How the person stands: what has to be said on whichever screen is shown. */
  standsNow(person) {
    whose = person;
    showNotices();
  },
  /** Something that every screen shows was set anew: language, number. */
  settingsChanged: frame,
  paired,
};

/** Into the queue; what was measured last is noted for the reminders and the first measurements. */
async function send(path, body) {
  if (/^\/api\/(signals|vitals)/.test(path)) {
    const kind = path.endsWith("/ppg") ? "pulse" : body.test;
    await keepFact("measured", Date.now());
    await keepFact("baseline", [...new Set([...((await fact("baseline")) ?? []), kind])].filter(Boolean));
  }
  return submit(path, body);
}

const tell = (name, detail) => heardOf.dispatchEvent(new CustomEvent(name, { detail }));

// ---------------------------------------------------------------- screens

const here = () => location.pathname.replace(/^\/app\/?/, "").replace(/\/$/, "") || "now";

/** Go to a screen: "now", "alerts/a-17". */
export function navigate(screen, { replace = false } = {}) {
  const path = screen === "now" ? "/app" : `/app/${screen}`;
  moved = true;
  if (replace) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
  return show();
}

async function show() {
  const mine = ++turn;
  const [name, ...rest] = here().split("/");
  if (!(name in SCREENS)) return navigate("now", { replace: true });
  if (!me && !OPEN_TO_ALL.has(name)) return navigate("pair", { replace: true });
  const container = h("div", { class: "screen", data: { screen: name } });
  let mounted = null;
  try {
    const screen = await SCREENS[name]();
    if (mine !== turn) return undefined;
    shown?.unmount?.();
    shown = null;
    byId("screen").replaceChildren(container);
    const mounting = screen.mount(container, services, rest);
    // Most screens have their heading before their data; nobody should wait for the focus.
    arrive(container);
    mounted = await mounting;
  } catch (error) {
    if (mine !== turn) return undefined;
    if (error instanceof Refused && error.status === 401) return unpaired();
    fill(container, h("h1", {}, say("screen-failed")), h("p", {}, say("screen-failed-why", { why: error.message })),
      h("button", { type: "button", class: "primary-button", on: { click: show } }, say("screen-again")));
    byId("screen").replaceChildren(container);
  }
  if (mine !== turn) {
    mounted?.unmount?.();
    return undefined;
  }
  shown = mounted;
  arrive(container);
  return undefined;
}

function showTab() {
  const [name] = here().split("/");
  for (const tab of document.querySelectorAll(".tab")) {
    if (tab.dataset.tab === name) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
}

/** Say where one is: title, tab, and the focus on the heading, where a screen reader begins to read. */
function arrive(container) {
  showTab();
  const heading = container.querySelector("h1");
  document.title = heading ? `${heading.textContent} · healthtwin` : "healthtwin";
  if (!heading || container.dataset.arrived) return;
  container.dataset.arrived = "yes";
  heading.tabIndex = -1;
  if (!moved || container.contains(document.activeElement)) return;
  scrollTo(0, 0);
  heading.focus({ preventScroll: true });
}
/** The first screen leaves the focus to the browser, so that the first Tab leads to "Skip to content". */
let moved = false;

addEventListener("popstate", () => {
  moved = true;
  show();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='/app']");
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  navigate(link.pathname.replace(/^\/app\/?/, "") || "now");
});

// ---------------------------------------------------------------- what surrounds them

/** Everything around the screen, in the language spoken. */
async function frame() {
  number = (await fact("number").catch(() => null)) || emergencyNumber(viewerZone);
  byId("skip").textContent = say("frame-skip");
  fill(byId("tabs"), TABS.map((name) => h("a", { class: "tab", href: name === "now" ? "/app" : `/app/${name}`, data: { tab: name } },
    line(name), h("span", {}, say(`tab-${name}`)))));
  byId("tabs").setAttribute("aria-label", say("frame-tabs"));
  byId("tabs").hidden = !me;
  showTab();
  const call = byId("call");
  call.href = `tel:${dialled(number)}`;
  call.setAttribute("aria-label", say("frame-call-spoken", { number }));
  fill(call, line("phone"), h("span", {}, number));
  const settings = byId("to-settings");
  settings.setAttribute("aria-label", say("settings-title"));
  fill(settings, line("settings"));
  byId("link-word").textContent = say(`link-${byId("link-state").dataset.state}`);
  const ribbon = byId("ribbon");
  ribbon.hidden = !(me?.synthetic || me?.kind === "replay");
  ribbon.textContent = say(me?.kind === "replay" ? "frame-replay" : "frame-synthetic");
  themed();
  showNotices();
  await showQueue();
}

function showNotices() {
  fill(byId("alerts-off"), whose && notices(whose, { place: "/app/alerts" }));
}

async function showQueue() {
  const { waiting, parked } = await queueState();
  const parts = [];
  if (waiting) parts.push(say("queue-waiting", { n: waiting }));
  if (parked.length) parts.push(say("queue-parked", { n: parked.length }));
  const note = byId("queue-note");
  note.hidden = parts.length === 0;
  fill(note, parts.length > 0 && h("a", { href: "/app/waiting" }, parts.join(" · ")));
}

// ---------------------------------------------------------------- the house

let following = false;

/** Follow the house from now on; only once, whoever is paired. */
function live() {
  if (following) return;
  following = true;
  follow({
    reading: (reading) => {
      clockSeen(reading.t);
      tell("reading", reading);
    },
    person: (person) => {
      tell("person", person);
      if (person.id === me?.person) learnLimits(person.id).catch(() => {}); // another age or profile, other limits
    },
    event: (event) => tell("event", event),
    access: (said) => {
      tell("access", said);
      tellNotices();
    },
    alert: (alert) => {
      if (alert.level === "critical" && alert.state === "triggered") interrupt(`${say("level-critical")}: ${saying(alert.said, alert.summary)}`);
      tell("alert", alert);
    },
    deleted: () => unpaired(),
  }, () => {
    tell("refresh");
    tellNotices();
  });
}

/** What has to be known about who sees the person stands above every screen until it was read. */
function tellNotices() {
  showAccessNotices(byId("access-notices")).catch(() => {}); // without a network they come with the next contact
}

/** The house does not know this phone (any more). */
async function unpaired() {
  await ended();
  byId("access-notices").replaceChildren();
  showLink("signed_out", viewerZone);
  await frame();
  await navigate("pair", { replace: true });
}

/** This phone belongs to somebody from here on: show them the first screen that is theirs. */
async function paired() {
  await learnLimits(me.person);
  const first = (await fact("welcomed")) ? "now" : "welcome";
  whose = null;
  byId("offline-banner").hidden = true;
  // The stream of whoever was paired before has ended for good; a page begins with a new one.
  if (following) return location.assign(first === "now" ? "/app" : `/app/${first}`);
  await frame();
  live();
  return navigate(first, { replace: true });
}

async function meetHouse() {
  try {
    await meet();
    await frame();
    // The banner is on every screen, also on one that asks for nobody.
    services.standsNow((await heard(personPath(me.person))).value);
    await learnLimits(me.person);
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return unpaired();
  }
  live();
  return undefined;
}

const SERVICE_WORKER = "/app/service_worker.js";

/** The one text that may become a script here, as a Trusted Type where the browser has them. */
function workerScript() {
  const policy = globalThis.trustedTypes?.createPolicy("service-worker", {
    createScriptURL: (url) => {
      if (url !== SERVICE_WORKER) throw new TypeError("no other script is loaded by name");
      return url;
    },
  });
  return policy ? policy.createScriptURL(SERVICE_WORKER) : SERVICE_WORKER;
}

/** Offer a newer release once it lies ready; until then this page keeps the files that belong together. */
async function keepShell() {
  if (!navigator.serviceWorker) return;
  const registration = await navigator.serviceWorker.register(workerScript(), { scope: "/app" });
  const offer = () => {
    if (!registration.waiting || !navigator.serviceWorker.controller) return;
    const use = () => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      registration.waiting.postMessage("take over");
    };
    fill(byId("release"), h("p", {}, say("release-ready")),
      h("button", { type: "button", class: "plain-button", on: { click: use } }, say("release-use")));
    byId("release").hidden = false;
  };
  offer();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offer);
  });
}

/** What happens by itself while the app is open: it measures what needs no finger, and it reminds. */
async function keepTime() {
  const { startRounds } = await import("./rounds.js");
  startRounds(services);
}

async function start() {
  await begin();
  await remember();
  onQueue(showQueue);
  ticking(showNotices);
  await frame();
  await show();
  startSending(unpaired);
  if (me) await meetHouse();
  keepShell().catch((error) => toast(say("release-failed", { why: error.message }), "problem"));
  keepTime();
}

start();
