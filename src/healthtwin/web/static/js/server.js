// Talking to the server: what pages ask, and the live stream that finds its way back.

import { Refused, ask, owed } from "./ask.js";
import { byId } from "./elements.js";
import { opened, showLink, toast, viewerZone } from "./frame.js";
import { say } from "./words.js";

export { ask, Refused };

/** Episodes that are not over, of everybody one may see. */
export async function openAlerts() {
  const states = ["triggered", "acknowledged", "snoozed"];
  return (await Promise.all(states.map((state) => ask(`/api/alerts?state=${state}`)))).flat();
}

/** The path of a call about one person. */
export const personPath = (id, what = "") => `/api/people/${encodeURIComponent(id)}${what && `/${what}`}`;

/** Sign out; what that takes is fetched by whoever does it. */
const leave = async () => (await import("./leave.js")).leave();

/** What one has to know about who sees whom, with what shows it, where there is anything. */
async function standing() {
  const { until, choices } = opened.standing ?? {};
  const wanted = until || choices?.length > 1 || (await ask("/api/me/notices")).notices.some((each) => each.read_at === null);
  if (wanted) await import("./standing_access.js");
}

const signOut = byId("sign-out");
// The phone app has no such button: it is unpaired, not signed out.
if (signOut) {
  signOut.hidden = false;
  signOut.addEventListener("click", async () => {
    try {
      await leave();
    } catch (error) {
      toast(say("sign-out-failed", { why: error.message }), "problem");
    }
  });
  if (owed()) leave().catch(() => {});
  standing().catch(() => {}); // the page itself says when nobody answers
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
const ASLEEP_MS = 60_000;

/**
 * Follow the live stream for as long as the page is open.
 *
 * A page that says where it stands (`opened.mark`) is followed from there, so that nothing falls between it and
 * the stream and nothing is asked for twice. The browser itself resumes a broken stream with `Last-Event-ID`; only when it gives up (an HTTP error, a
 * long sleep) is a new one opened, and then, as after `reset`, everything is loaded again.
 *
 * @param handlers by event name: `reading`, `alert`, `person`, `findings`, `deleted`
 * @param refresh loads again what the page shows
 * @param person whose events; everybody's when left out
 */
export function follow(handlers, refresh, person) {
  let source = null;
  let retry = FIRST_RETRY_MS;
  let timer = 0;
  let mark = opened.mark ?? "";
  let heardAt = Date.now();

  async function reload() {
    try {
      await refresh();
    } catch (error) {
      if (error instanceof Refused && error.status === 401) leave();
    }
  }

  function leave() {
    clearTimeout(timer);
    source?.close();
    source = null;
    showLink("signed_out", viewerZone);
  }

  function open() {
    clearTimeout(timer);
    source?.close();
    const asked = new URLSearchParams(Object.entries({ person, after: mark }).filter(([, value]) => value));
    const fresh = new EventSource(`/api/live?${asked}`);
    source = fresh;
    let heardId = mark;
    mark = ""; // it may be long ago by the time that a stream has to be opened anew
    fresh.addEventListener("open", () => {
      showLink("live", viewerZone);
      retry = FIRST_RETRY_MS;
      heardAt = Date.now();
      // Whoever has heard an event resumes after it; to everybody else the stream begins now, and what came
      // before has to be asked for.
      if (!heardId) reload();
    });
    fresh.addEventListener("error", () => {
      if (source !== fresh) return;
      showLink("lost", viewerZone);
      if (fresh.readyState === EventSource.CLOSED) again();
    });
    fresh.addEventListener("reset", reload);
    // What may be seen changed: the page begins anew with what is left, or says that nothing is.
    fresh.addEventListener("ended", async ({ data }) => {
      fresh.close();
      if (JSON.parse(data).reason !== "access ended") return again();
      try {
        await ask("/api/me");
      } catch (error) {
        return error instanceof Refused && error.status === 401 ? leave() : again();
      }
      return location.reload();
    });
    for (const [name, handler] of Object.entries(handlers)) {
      fresh.addEventListener(name, (event) => {
        heardAt = Date.now();
        heardId = event.lastEventId;
        handler(JSON.parse(event.data));
      });
    }
  }

  async function again() {
    source?.close();
    try {
      await ask("/api/people");
    } catch (error) {
      if (error instanceof Refused && error.status === 401) return leave();
    }
    // Jitter: after a restart, not every open portal knocks in the same second.
    timer = setTimeout(open, retry * (0.5 + Math.random()));
    retry = Math.min(retry * 2, LONGEST_RETRY_MS);
  }

  addEventListener("offline", () => showLink("lost", viewerZone));
  addEventListener("online", open);
  document.addEventListener("visibilitychange", () => {
    // After a laptop's sleep the connection may be dead without anybody having said so.
    if (!document.hidden && source && Date.now() - heardAt > ASLEEP_MS) open();
  });
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => event.persisted && open());
  open();
}
