// Settings of this phone: language, look, emergency number, reminders; what a browser cannot do; erasing.

import { byId, fill, h } from "../../js/elements.js";
import { toast, viewerZone } from "../../js/frame.js";
import { say } from "../../js/words.js";
import { fact, keepFact } from "../database.js";
import { dialled, emergencyNumber } from "../emergency.js";
import { LANGUAGES, choose } from "../language.js";
import { queueState } from "../queue.js";
import { erase } from "../session.js";
import { REMINDERS } from "../rounds.js";
import { button, field } from "../parts.js";
import { myData } from "./my_data.js";

/** Mount the screen. */
export async function mount(container, services) {
  const theme = byId("theme-toggle");
  const leaving = new AbortController();

  async function languages() {
    const select = h("select", { id: "language" }, Object.entries(LANGUAGES).map(([tag, name]) =>
      h("option", { value: tag, lang: tag, selected: tag === services.locale }, name)));
    select.addEventListener("change", async () => {
      await choose(select.value);
      await services.settingsChanged();
      await services.navigate("settings", { replace: true });
      byId("language").focus();
    });
    return field(say("settings-language"), select);
  }

  async function numbers() {
    const input = h("input", { type: "tel", id: "number", inputmode: "tel", maxlength: 20, value: services.number });
    input.addEventListener("change", async () => {
      const number = dialled(input.value);
      await keepFact("number", number || null);
      await services.settingsChanged();
      input.value = services.number;
      toast(say("settings-number-is", { number: services.number }));
    });
    return field(say("settings-number"), input, say("settings-number-hint", { number: emergencyNumber(viewerZone), zone: viewerZone.replaceAll("_", " ") }));
  }

  async function reminders() {
    const every = (await fact("remind")) ?? "never";
    const select = h("select", { id: "remind" }, Object.keys(REMINDERS).map((key) => h("option", { value: key, selected: key === every }, say(`settings-remind-${key}`))));
    select.addEventListener("change", async () => {
      await keepFact("remind", select.value);
      if (select.value !== "never" && "Notification" in window && Notification.permission === "default") await Notification.requestPermission();
    });
    const auto = h("input", { type: "checkbox", id: "auto", role: "switch", checked: (await fact("auto")) !== false });
    auto.addEventListener("change", () => keepFact("auto", auto.checked));
    return [field(say("settings-reminders"), select, say("settings-reminders-hint")),
      h("div", { class: "field switch" }, auto, h("label", { for: "auto" }, say("settings-auto")), h("p", { class: "hint" }, say("settings-auto-hint")))];
  }

  async function erasing() {
    const place = h("div", { class: "erase" });
    const offer = () => fill(place, button(say("settings-erase"), "plain", really));
    async function really() {
      const { waiting, parked } = await queueState();
      const unsent = waiting + parked.length;
      const yes = button(say("settings-erase-yes"), "danger", async () => {
        await erase();
        location.assign("/app/pair");
      });
      fill(place, h("p", {}, h("strong", {}, say("settings-erase-really"))), unsent > 0 && h("p", { class: "form-problem" }, say("settings-erase-unsent", { n: unsent })),
        h("div", { class: "verb-row" }, yes, button(say("settings-erase-no"), "plain", () => { offer(); place.querySelector("button").focus(); })));
      yes.focus();
    }
    offer();
    return place;
  }

  const part = (title, ...children) => h("section", { class: "panel" }, h("h2", {}, title), ...children);
  fill(container, h("h1", {}, say("settings-title")),
    part(say("settings-look"), await languages(), h("div", { class: "field" }, theme)),
    part(say("settings-emergency"), await numbers()),
    services.me && part(say("settings-measuring"), ...await reminders()),
    services.me && part(say("settings-about-me"), h("p", {}, say("settings-about-me-words")), h("a", { class: "plain-button", href: "/app/welcome" }, say("settings-about-me-open"))),
    services.me && part(say("mydata-heading"), await myData(services, leaving.signal)),
    part(say("settings-cannot"), h("ul", { class: "facts-list" }, ["background", "camera", "push", "oxygen", "call"].map((each) => h("li", {}, say(`settings-cannot-${each}`))))),
    part(say("settings-install"), h("p", {}, say("settings-install-words"))),
    part(say("settings-this-phone"), h("p", {}, say("settings-kept-here")), await erasing()),
    h("p", { class: "hint" }, say("frame-not-a-device")));
  // The button belongs to the frame, which paints it; it only stays here.
  return {
    unmount() {
      leaving.abort();
      byId("drawer").append(theme);
    },
  };
}
