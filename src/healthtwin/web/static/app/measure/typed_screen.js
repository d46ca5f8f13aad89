// Values from a thermometer, a cuff, a scale, a meter, an oximeter: typed in, checked here, judged by the server.

import { fill, h } from "../../js/elements.js";
import { sendAndShow } from "./answer.js";
import { Stage } from "./stage.js";
import { TYPED, TYPED_GROUPS, judgeTyped, limits } from "./typed_values.js";

function unitPicker(stage, metric) {
  const { units } = TYPED[metric];
  if (units.length === 1) return h("span", { class: "typed-unit" }, stage.say(`unit-${units[0].name}`));
  return h("select", { "aria-label": stage.say("typed-unit-of", { metric: stage.metric(metric) }) },
    units.map((unit) => h("option", { value: unit.name }, stage.say(`unit-${unit.name}`))));
}

function field(stage, metric) {
  const id = `typed-${metric}`;
  const input = h("input", { id, name: metric, type: "text", inputmode: "decimal", autocomplete: "off", "aria-describedby": `${id}-error` });
  const picker = unitPicker(stage, metric);
  const error = h("p", { class: "typed-error", id: `${id}-error` });
  return {
    metric,
    input,
    unit: () => picker.value ?? TYPED[metric].units[0].name,
    complain(kind) {
      input.setAttribute("aria-invalid", String(Boolean(kind)));
      const unit = this.unit();
      const { digits } = TYPED[metric].units.find((each) => each.name === unit);
      const [low, high] = limits(metric, unit).map((value) => stage.number(value, digits));
      fill(error, kind && stage.say(`typed-error-${kind}`, { low, high, unit: stage.say(`unit-${unit}`) }));
    },
    element: h("div", { class: "typed-field" }, h("label", { for: id }, stage.metric(metric)),
      h("div", { class: "typed-row" }, input, picker), error),
  };
}

function form(stage) {
  const fields = Object.keys(TYPED).map((metric) => field(stage, metric));
  const of = (metric) => fields.find((each) => each.metric === metric);
  const summary = h("p", { class: "typed-error", role: "alert" });
  const send = (event) => {
    event.preventDefault();
    const typed = Object.fromEntries(fields.map((each) => [each.metric, { text: each.input.value, unit: each.unit() }]));
    const { values, errors } = judgeTyped(typed);
    for (const each of fields) each.complain(errors[each.metric]);
    const [first] = fields.filter((each) => errors[each.metric]);
    if (first) {
      fill(summary, stage.say("typed-error-some"));
      first.input.focus();
      return;
    }
    if (Object.keys(values).length === 0) {
      fill(summary, stage.say("typed-error-none"));
      fields[0].input.focus();
      return;
    }
    const body = { timestamp: Date.now(), device: "typed in", ...values };
    sendAndShow(stage, "/api/vitals", body, { main: Object.keys(values), again: () => form(stage), typed: values });
  };
  stage.show("form",
    h("form", { class: "typed", novalidate: true, on: { submit: send } },
      TYPED_GROUPS.map((group) => h("div", { class: "typed-group" }, group.map((metric) => of(metric).element))),
      h("p", { class: "hint" }, stage.say("typed-oxygen")),
      summary,
      h("div", { class: "measure-actions" }, h("button", { class: "primary-button", type: "submit" }, stage.say("save")))));
}

/** Mount the screen; answers `{unmount()}`. */
export function mountTyped(container, services) {
  const stage = new Stage("typed", container, services);
  form(stage);
  return { unmount: () => stage.unmount() };
}
