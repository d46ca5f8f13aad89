// When somebody was born.

import { fill, h } from "../../js/elements.js";

/** Mount the screen. */
export async function mount(container, services) {
  const answer = await fetch(`/api/people/${encodeURIComponent(services.me.person)}/birth-year`);
  const { birth_year: year } = await answer.json();
  fill(container, h("h1", {}, services.words("birthdays.title")), h("p", {}, String(year ?? "–")));
}
