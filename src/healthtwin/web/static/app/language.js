// Which language the app speaks; its words come as one file per language, which the service worker keeps.

import { language, speak } from "../js/words.js";
import { opened } from "../js/frame.js";
import { fact, keepFact } from "./database.js";

/** Every language there is, by its own name. */
export const LANGUAGES = opened.languages;

/** The person's choice, else the first of the phone's languages that we speak, else the first that there is. */
async function wanted() {
  const chosen = await fact("language").catch(() => undefined);
  if (chosen in LANGUAGES) return chosen;
  const spoken = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return [...spoken, "en"].find((tag) => tag in LANGUAGES);
}

/** Speak the language that is wanted; everything on screen has to be painted again. */
export async function begin() {
  const tag = await wanted();
  if (tag === language) return;
  await import(`../words/app.${tag}.js`);
  speak(globalThis.healthtwinWords[tag]);
  document.documentElement.lang = tag;
}

/** Choose a language for good. */
export async function choose(tag) {
  await keepFact("language", tag);
  await begin();
}
