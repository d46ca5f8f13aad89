// Which language the app speaks, and its words: one file per language, the same keys in each.

import { speak, translateBy } from "../js/words.js";
import { fact, keepFact } from "./database.js";

/** Every language there is, by its own name. */
export const LANGUAGES = { en: "English", de: "Deutsch" };

const TABLES = {
  en: () => import("./words/en.js"),
  de: () => import("./words/de.js"),
};

let table = {};
const brought = new Map();

/** The language spoken now. */
export let language = "en";

/** The person's choice, else the first of the phone's languages that we speak, else English. */
async function wanted() {
  const chosen = await fact("language").catch(() => undefined);
  if (chosen in LANGUAGES) return chosen;
  return navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag in LANGUAGES) ?? "en";
}

/** Speak the language that is wanted; everything on screen has to be painted again. */
export async function begin() {
  language = await wanted();
  const words = await TABLES[language]();
  table = { ...words.SENTENCES };
  translateBy(words.ofServer);
  for (const each of brought.values()) Object.assign(table, each[language]);
  speak(language, table);
  document.documentElement.lang = language;
}

/** Choose a language for good. */
export async function choose(tag) {
  await keepFact("language", tag);
  await begin();
}

/** Take the words of a part that brings its own: `{en: {…}, de: {…}}`; a second time changes nothing. */
export function addWords(words) {
  brought.set(words, words);
  Object.assign(table, words[language]);
}
