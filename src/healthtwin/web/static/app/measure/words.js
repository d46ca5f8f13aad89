// The measuring screens' words: the same keys in every language, `{name}` stands for a fact.

import { DE } from "./words_de.js";
import { EN } from "./words_en.js";

const named = (words) => Object.fromEntries(Object.entries(words).map(([key, text]) => [`measure.${key}`, text]));

export const WORDS = { en: named(EN), de: named(DE) };
