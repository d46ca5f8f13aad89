// Who can see whom, who looked, and what has to be known about it: the same pieces in the app and in the portal.

import { fill, h } from "./elements.js";
import { now, toast, viewerZone } from "./frame.js";
import { ask, personPath, Refused } from "./server.js";
import { dateWords, moment, say } from "./words.js";

/** What somebody decides about, kind by kind; a name goes with every relation. */
export const SHARED_KINDS = ["vitals", "alerts", "timeline", "genes", "documents", "chat", "place"];

const DAY_MS = 86_400_000;
const HOW_LONG = { "for-ever": null, "for-day": DAY_MS, "for-week": 7 * DAY_MS, "for-month": 30 * DAY_MS, "for-year": 365 * DAY_MS };
const YOUNG_OWN = ["chat", "timeline", "genes", "documents", "place"];

const button = (label, kind, click, extra = {}) => h("button", { type: "button", class: `${kind}-button`, on: { click }, ...extra }, label);
const when = (time) => moment(time, now(), viewerZone);
const day = (time) => dateWords(time, viewerZone);

/** "Readings and what is usual, Alerts"; in words that also say all and nothing. */
function kindsWords(kinds, all) {
  const shared = SHARED_KINDS.filter((kind) => kinds.includes(kind));
  if (shared.length === SHARED_KINDS.length) return all;
  if (shared.length === 0) return say("access-sees-nothing");
  return say("access-sees", { kinds: shared.map((kind) => say(`data-${kind}`)).join(", ") });
}

/** Run what changes who sees whom; says what came of it, and loads anew. */
async function decide(act, { done, reload, failed = "access-not-saved" }) {
  try {
    await act();
    if (done) toast(done);
    await reload();
    return true;
  } catch (error) {
    if (error instanceof Refused && error.status === 409 && failed === "access-not-saved") {
      toast(say("access-changed-meanwhile"), "problem");
      await reload();
      return false;
    }
    toast(say(failed, { why: error.message }), "problem");
    return false;
  }
}

// ---------------------------------------------------------------- notices

/** What the asker was told and has not said that they read; nothing when there is nothing. */
export function noticeList(access, { reload }) {
  const untold = access.notices.filter((notice) => notice.read_at === null).map((notice) => noticeCard(access, notice, reload));
  if (untold.length === 0) return null;
  return h("section", { class: "notices", "aria-labelledby": "notices" }, h("h2", { id: "notices" }, say("notice-title")), untold);
}

function noticeCard(access, notice, reload) {
  const parts = { break_glass: glassNotice, joined: joinedNotice, account_reset: resetNotice, majority: majorityNotice }[notice.kind]?.(access, notice, reload);
  if (!parts) return null;
  const [title, words, verbs] = parts;
  const id = `title-${notice.id}`;
  return h("article", { class: "access-notice", data: { notice: notice.id, kind: notice.kind }, "aria-labelledby": id },
    h("h3", { id }, title), words.filter(Boolean).map((line) => h("p", {}, line)), h("div", { class: "verb-row" }, verbs));
}

const hasRead = (notice, reload, done = "") => decide(() => ask(`/api/me/access/notices/${encodeURIComponent(notice.id)}/read`, { method: "POST" }), { done, reload });
const readButton = (notice, reload) => button(say("notice-read"), "plain", () => hasRead(notice, reload));

function glassNotice(access, notice, reload) {
  const { who, until, reason, pseudonym, glass } = notice.facts;
  const span = { from: when(notice.at), until: when(until) };
  if (pseudonym) return [say("notice-glass-admin", { who, pseudonym }), [say("notice-glass-admin-words", span)], [readButton(notice, reload), endButton(access, notice, reload)]];
  const found = access.break_glass.find((each) => each.id === glass);
  const judge = (verdict) => decide(async () => {
    await ask(`/api/me/access/break-glass/${encodeURIComponent(glass)}`, { method: "PUT", body: { verdict } });
    await ask(`/api/me/access/notices/${encodeURIComponent(notice.id)}/read`, { method: "POST" });
  }, { done: say(`notice-glass-said-${verdict}`), reload });
  return [
    say(found?.runs ? "notice-glass-running" : "notice-glass", { who }),
    [say("notice-glass-when", span), say("notice-glass-why", { reason }), h("strong", {}, say("notice-glass-right"))],
    [button(say("notice-glass-yes"), "plain", () => judge("right")), button(say("notice-glass-no"), "plain", () => judge("wrong")), found?.runs && endButton(access, notice, reload)],
  ];
}

function endButton(_access, notice, reload) {
  const { who, until, glass } = notice.facts;
  if (until <= now()) return null;
  return button(say("notice-glass-end"), "danger", () => decide(() => ask(`/api/break-glass/${encodeURIComponent(glass)}`, { method: "DELETE" }),
    { done: say("notice-glass-ended", { who }), reload }));
}

function undoButton(access, notice, reload, words) {
  const { who, grant } = notice.facts;
  return button(say(words), "danger", () => decide(async () => {
    await ask(`${personPath(access.person, "sharing")}/${encodeURIComponent(grant)}`, { method: "DELETE" });
    await ask(`/api/me/access/notices/${encodeURIComponent(notice.id)}/read`, { method: "POST" });
  }, { done: say("notice-joined-undone", { who }), reload }));
}

function joinedNotice(access, notice, reload) {
  const { who, agent, address, rests_until: rests } = notice.facts;
  return [
    say("notice-joined", { who }),
    [say("notice-joined-words", { moment: when(notice.at), agent: agent || say("notice-joined-unknown"), address }), rests && say("notice-joined-rests", { who, moment: when(rests) })],
    [readButton(notice, reload), undoButton(access, notice, reload, "notice-joined-undo")],
  ];
}

function resetNotice(access, notice, reload) {
  const { who } = notice.facts;
  return [
    say("notice-reset", { who }),
    [say("notice-reset-words", { who, moment: when(notice.at) })],
    [readButton(notice, reload), undoButton(access, notice, reload, "notice-reset-end")],
  ];
}

function majorityNotice(access, notice, reload) {
  const { at, who, by_month: exact, name } = notice.facts;
  if (notice.person !== access.person) {
    return [say("notice-majority-parent", { name, day: day(at) }), [say("notice-majority-parent-words")], [readButton(notice, reload)]];
  }
  return [say("notice-majority", { day: day(at) }), [say("notice-majority-words", { who: who.join(", ") }), !exact && say("notice-majority-year")], [readButton(notice, reload)]];
}

// ---------------------------------------------------------------- who may see what

/** The lines that are stated once somebody sees just these kinds up to then; the lines about others stay. */
export function linesWith(lines, to, kinds, until, usual) {
  const others = lines.filter((line) => line.to !== to);
  const shown = SHARED_KINDS.filter((kind) => kinds.has(kind));
  if (shown.length === 0) return [...others, { what: SHARED_KINDS, to, until: null, allowed: false }];
  const asUsual = until === null && shown.length === usual.length && shown.every((kind) => usual.includes(kind));
  return asUsual ? others : [...others, { what: shown, to, until, allowed: true }];
}

/** Switches for what one grant, or everybody of one relation, may see; `found` is `{lines, revision, shared}`. */
export function kindSwitches(access, { to, label, relation, kinds }, found, { reload }) {
  const path = personPath(access.person, "consents");
  const chosen = new Set(kinds);
  const line = found.consents.find((each) => each.to === to && each.allowed);
  const usual = to === relation ? SHARED_KINDS : (found.shared.find((each) => each.to === relation)?.what ?? SHARED_KINDS);
  const save = (until) => decide(() => ask(path, { method: "PUT", body: { consents: linesWith(found.consents, to, chosen, until, usual), revision: found.revision } }),
    { done: say("access-saved"), reload });
  const locked = lockedKinds(access, relation);
  const rows = SHARED_KINDS.map((kind) => {
    const id = `see-${to}-${kind}`;
    const box = h("input", { type: "checkbox", role: "switch", id, checked: chosen.has(kind), disabled: locked.has(kind) && chosen.has(kind) });
    box.addEventListener("change", async () => {
      if (box.checked) chosen.add(kind);
      else chosen.delete(kind);
      if (!await save(line?.until ?? null)) await reload();
    });
    return h("div", { class: "field switch" }, box, h("label", { for: id }, say(`data-${kind}`)));
  });
  const legend = to === relation ? say(`access-what-${relation}`) : say("access-what", { label });
  return h("details", { class: "kinds", data: { to } }, h("summary", {}, legend),
    h("fieldset", { class: "switches" }, h("legend", { class: "visually-hidden" }, legend), rows,
      to !== relation && howLong(to, line, save)));
}

/** What a young person cannot keep back from family yet. */
function lockedKinds(access, relation) {
  const { young } = access;
  if (relation !== "family" || !young || now() >= young.consent_at) return new Set();
  return new Set(SHARED_KINDS.filter((kind) => now() < young.own_at || !YOUNG_OWN.includes(kind)));
}

function howLong(to, line, save) {
  const id = `until-${to}`;
  const stands = line?.until ? [h("option", { value: "stands", selected: true }, say("access-until", { moment: when(line.until) }))] : [];
  const select = h("select", { id }, stands, Object.keys(HOW_LONG).map((key) => h("option", { value: key, selected: !line?.until && key === "for-ever" }, say(`access-${key}`))));
  select.addEventListener("change", () => select.value !== "stands" && save(HOW_LONG[select.value] === null ? null : Date.now() + HOW_LONG[select.value]));
  return h("div", { class: "field" }, h("label", { for: id }, say("access-how-long")), select);
}

/** Confirms that a relation goes on, at majority or after its sign-in was reset; null where nothing rests. */
export function confirmButton(access, who, { reload }) {
  if (!who.rests) return null;
  const grant = encodeURIComponent(who.grant);
  const path = who.reset ? `sharing/${grant}/agree` : `relations/${grant}/confirm`;
  return button(say("access-confirm", { label: who.label }), "primary", () => decide(
    () => ask(`${personPath(access.person)}/${path}`, { method: "POST" }),
    { done: say("access-confirmed", { label: who.label }), reload }));
}

/** What they see, until when, and whether it rests; `all` says it where nothing is kept back. */
export function whoWords(who, all = say("access-sees-all")) {
  return [
    kindsWords(who.kinds, all),
    who.state === "active" && who.until && say("access-until", { moment: when(who.until) }),
    who.looks_after && say("access-looks-after"),
    who.rests && say(who.reset ? "access-rests-reset" : "access-rests"),
  ].filter(Boolean);
}

// ---------------------------------------------------------------- who looked, and growing up

/** Who looked, day by day, in sentences. */
export function lookedList(access) {
  const heading = h("h2", { id: "looked" }, say("looked-title"));
  const others = access.looked.filter((each) => each.relation !== "self" || each.result !== "allowed");
  if (others.length === 0) return [heading, h("p", { class: "hint" }, say("looked-none"))];
  const days = Map.groupBy ? Map.groupBy(others, (each) => each.day) : others.reduce((all, each) => all.set(each.day, [...(all.get(each.day) ?? []), each]), new Map());
  return [heading, h("dl", { class: "looked" }, [...days].map(([date, lines]) => [
    h("dt", {}, day(Date.parse(`${date}T12:00:00Z`))),
    grouped(lines).map((each) => h("dd", {}, each)),
  ]))];
}

/** One sentence for each who and relation, with all the kinds. */
function grouped(lines) {
  const by = new Map();
  for (const each of lines) {
    const key = JSON.stringify([each.grant, each.relation, each.result === "allowed"]);
    const group = by.get(key) ?? { ...each, kinds: new Set(), count: 0 };
    group.kinds.add(each.kind);
    group.count += each.count;
    by.set(key, group);
  }
  return [...by.values()].map((each) => {
    const kinds = [...each.kinds].map((kind) => (kind ? say(`data-${kind}`) : say("looked-list"))).join(", ");
    const who = each.who || say("looked-unknown");
    const relation = each.glass ? say("looked-glass") : say(`relation-${each.relation || "none"}`);
    return say(each.result === "allowed" ? "looked-line" : "looked-refused", { who, relation, kinds, count: each.count });
  });
}

/** Up to when who decides what, for somebody who is not of age; null for everybody else. */
export function youngNote(access) {
  const { young } = access;
  if (!young || now() >= young.majority_at) return null;
  const stage = now() < young.own_at ? say("young-before", { day: day(young.own_at) })
    : now() < young.consent_at ? say("young-own", { day: day(young.consent_at) })
      : say("young-alone", { day: day(young.majority_at) });
  return h("section", { class: "panel", "aria-labelledby": "young" }, h("h2", { id: "young" }, say("young-title")),
    h("p", {}, stage), young.counted_by === "year" && h("p", { class: "hint" }, say("young-year")));
}

/** Every time that somebody broke the glass, with what was said of it; null when nobody did. */
export function glassList(access, { reload }) {
  const known = access.break_glass.filter((each) => !access.notices.some((notice) => notice.facts.glass === each.id && notice.read_at === null));
  if (known.length === 0) return null;
  return h("ul", { class: "grants" }, known.map((each) => h("li", { class: "grant", data: { glass: each.id } },
    h("div", { class: "grant-words" },
      h("b", {}, say(each.runs ? "notice-glass-running" : "notice-glass", { who: each.who })),
      h("p", { class: "hint" }, say("notice-glass-when", { from: when(each.at), until: when(each.ended_at ?? each.until) })),
      h("p", {}, say("notice-glass-why", { reason: each.reason })),
      each.verdict && h("p", { class: "hint" }, say(`notice-glass-said-${each.verdict}`))),
    each.runs && endButton(access, { facts: { who: each.who, until: each.until, glass: each.id } }, reload))));
}

// ---------------------------------------------------------------- whom one sees

/** What the asker sees of somebody, in words that also say all and nothing. */
function reachWords(kinds) {
  const shared = SHARED_KINDS.filter((kind) => kinds.includes(kind));
  if (shared.length === SHARED_KINDS.length) return say("reach-all");
  return shared.length === 0 ? say("reach-nothing") : say("reach-sees", { kinds: shared.map((kind) => say(`kind-${kind}`)).join(", ") });
}

/** Whom the asker sees, as what; with a switch where they could see somebody in two ways. */
export function reachList(access, { reload }) {
  if (access.reach.length === 0) return h("p", { class: "hint" }, say("access-reach-none"));
  return h("ul", { class: "grants" }, access.reach.map((each) => h("li", { class: "grant", data: { person: each.person } },
    h("div", { class: "grant-words" },
      h("b", {}, h("a", { href: `/people/${encodeURIComponent(each.person)}` }, each.name)),
      h("p", { class: "hint" }, each.reads_only ? say("looked-glass") : say(`relation-as-${each.relation}`),
        each.until && [" · ", say("access-until", { moment: when(each.until) })]),
      h("p", { class: "hint" }, reachWords(each.kinds))),
    each.choices.filter((choice) => choice !== each.relation).map((choice) => actingButton(each, choice, reload)))));
}

/** Sees somebody in the other of two relations from now on. */
export function actingButton({ person, name }, relation, reload) {
  const facts = { name, relation: say(`relation-as-${relation}`) };
  return button(say("acting-change", facts), "plain", () => decide(
    () => ask("/api/account/acting", { method: "PUT", body: { person, relation } }),
    { done: say("acting-changed", facts), reload, failed: "acting-failed" }));
}

/** Fill `place` with the notices, freshly asked for; whatever fails leaves the page as it is. */
export async function showNotices(place) {
  const access = await ask("/api/me/notices");
  fill(place, noticeList(access, { reload: () => showNotices(place) }));
}

