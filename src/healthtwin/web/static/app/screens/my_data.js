// "My data": everything about me as one file, made by the house, fetched here.

import { fill, h } from "../../js/elements.js";
import { now, viewerZone } from "../../js/frame.js";
import { ask, personPath } from "../../js/server.js";
import { language, moment, say } from "../../js/words.js";
import { button } from "../parts.js";

const LOOK_AGAIN_MS = 1_500;
const MEGABYTE = 1_000_000;

/** The panel's content; `ends` says when its screen is gone, so that nothing is asked for any more. */
export async function myData(services, ends) {
  const path = personPath(services.me.person, "exports");
  const place = h("div", { class: "my-data" });
  const words = h("p", { role: "status" });
  const doing = h("div", { class: "verb-row" });

  function offer() {
    words.textContent = say("mydata-offer");
    fill(doing, button(say("mydata-make"), "primary", make));
  }

  function ready(made) {
    words.textContent = say("mydata-ready", { size: Math.max(made.bytes / MEGABYTE, 0.1), moment: moment(made.expires_at, now(), viewerZone) });
    const again = button(say("mydata-again"), "plain", async () => {
      await ask(`${path}/${encodeURIComponent(made.id)}`, { method: "DELETE" }).catch(() => null);
      await make();
    });
    const save = h("a", { class: "primary-button", href: made.url, download: "" }, say("mydata-fetch"));
    save.addEventListener("click", async (event) => {
      event.preventDefault();
      try {
        await ask(`${path}/${encodeURIComponent(made.id)}`); // a link cannot ask for a proof; this can
        location.assign(made.url);
      } catch (error) {
        failed(error.message);
      }
    });
    fill(doing, save, again);
  }

  async function follow(made) {
    words.textContent = say("mydata-making");
    fill(doing);
    let told = made;
    while (told.state === "making") {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      if (ends.aborted) return;
      told = await ask(`${path}/${encodeURIComponent(made.id)}`);
    }
    if (told.state === "ready") ready(told);
    else failed(say("mydata-could-not"));
  }

  function failed(why) {
    words.textContent = say("mydata-failed", { why });
    fill(doing, button(say("mydata-make"), "primary", make));
  }

  async function make() {
    try {
      await follow(await ask(path, { method: "POST", body: { language } }));
    } catch (error) {
      failed(error.message);
    }
  }

  offer();
  fill(place, words, doing, h("p", { class: "hint" }, say("mydata-keep")));
  ask(path).then((all) => {
    const newest = all.filter((each) => each.state !== "failed").pop();
    if (newest && !ends.aborted) return newest.state === "ready" ? ready(newest) : follow(newest);
    return null;
  }).catch(() => null); // nobody answers: what can be offered stands there already
  return place;
}
