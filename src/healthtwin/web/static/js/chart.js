// One metric over time against the person's own band by hour, drawn by uPlot; readable without seeing it, too.

import { onTheme } from "./frame.js";
import { DAY, HOUR, MINUTE, clock, dateWords, moment, say, upTo } from "./words.js";

/* global uPlot */

const HEIGHT_PX = 280;
const NARROW_HEIGHT_PX = 220;
const NARROW_PX = 480;
/** Fewer values than this are drawn as dots as well: a line between two far readings says more than was measured. */
const SPARSE = 60;
/** A pause longer than this many usual intervals breaks the line. */
const GAP_INTERVALS = 3;
const SHORTEST_GAP_MS = 20 * MINUTE;

const paints = new Map();
onTheme(() => paints.clear());

/** The colour a custom property has now, as a canvas understands it. */
function paint(name) {
  if (!paints.has(name)) {
    const probe = document.createElement("i");
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    paints.set(name, getComputedStyle(probe).color);
    probe.remove();
  }
  return paints.get(name);
}

/**
 * The person's own range at a moment: between the middles of two hours it goes straight from one to the other.
 * @returns [low, high], or null when nothing was learned yet
 */
export function bandAt(time, { hours, reach }, zone) {
  if (hours.length === 0 || reach === null) return null;
  const [hour, minute] = clock(time, zone).split(":").map(Number);
  const place = (hour + minute / 60 + 23.5) % 24;
  const bandOf = (wanted) => hours.find((band) => band.hour === wanted % 24);
  // An hour that was never lived through with a sensor on has no band, and none is made up for it.
  const before = bandOf(Math.floor(place)) ?? bandOf(Math.floor(place) + 1);
  const after = bandOf(Math.floor(place) + 1) ?? before;
  if (!before) return null;
  const part = place % 1;
  // Each hour says its own range, which is never narrower than the meter's error; the reach is for those that do not.
  const edge = (band, side, name) => band[name] ?? band.center + side * reach * band.spread;
  const between = (side, name) => {
    const from = edge(before, side, name);
    return from + (edge(after, side, name) - from) * part;
  };
  return [between(-1, "low"), between(1, "high")];
}

/** How many spreads the shown range reaches from the centre, as the twin says it; null before it is ready. */
export function reachOf(metric) {
  return metric.ready && metric.high !== null && metric.spread ? (metric.high - metric.expected) / metric.spread : null;
}

function medianInterval(times) {
  const intervals = times.slice(1).map((time, at) => time - times[at]).sort((a, b) => a - b);
  return intervals[intervals.length >> 1] ?? 0;
}

/** Values with a hole wherever readings paused, so that no line is drawn over what nobody measured. */
export function withGaps({ t, v, min, max }, step) {
  const gap = Math.max(step ? 1.5 * step : SHORTEST_GAP_MS, GAP_INTERVALS * medianInterval(t));
  const columns = [[], [], [], []];
  const push = (...row) => row.forEach((cell, at) => columns[at].push(cell));
  t.forEach((time, at) => {
    if (at > 0 && time - t[at - 1] > gap) push((t[at - 1] + time) / 2000, null, null, null);
    push(time / 1000, v[at], min?.[at] ?? null, max?.[at] ?? null);
  });
  return columns;
}

function bandSamples(view) {
  const step = view.to - view.from > 2 * DAY ? HOUR : HOUR / 4;
  const samples = [];
  for (let time = view.from; time < view.to + step; time += step) {
    const at = Math.min(time, view.to);
    samples.push([at / 1000, ...(bandAt(at, view, view.zone) ?? [null, null])]);
  }
  return samples;
}

/** The samples that hold a band, cut where it is missing. */
function stretches(samples) {
  const found = [[]];
  for (const sample of samples) {
    if (sample[1] !== null) found.at(-1).push(sample);
    else if (found.at(-1).length > 0) found.push([]);
  }
  return found;
}

function drawBand(chart, view) {
  const { ctx } = chart;
  const { left, top, width, height } = chart.bbox;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  const x = (time) => chart.valToPos(time, "x", true);
  const y = (value) => chart.valToPos(value, "y", true);
  ctx.fillStyle = paint("--band");
  ctx.beginPath();
  for (const stretch of stretches(view.samples)) {
    stretch.forEach(([time, , high], at) => (at ? ctx.lineTo(x(time), y(high)) : ctx.moveTo(x(time), y(high))));
    for (const [time, low] of [...stretch].reverse()) ctx.lineTo(x(time), y(low));
    ctx.closePath();
  }
  ctx.fill();
  for (const alert of view.alerts) {
    ctx.strokeStyle = paint(`--${alert.level}`);
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(x(alert.started_at / 1000), top);
    ctx.lineTo(x(alert.started_at / 1000), top + height);
    ctx.stroke();
  }
  ctx.restore();
}

/** Lowest to highest within each step, behind the mean. */
function drawExtremes(chart) {
  const { ctx } = chart;
  const [times, , lows, highs] = chart.data;
  ctx.save();
  ctx.strokeStyle = paint("--extremes");
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.beginPath();
  lows.forEach((low, at) => {
    if (low === null || low === undefined) return;
    const x = chart.valToPos(times[at], "x", true);
    ctx.moveTo(x, chart.valToPos(low, "y", true));
    ctx.lineTo(x, chart.valToPos(highs[at], "y", true));
  });
  ctx.stroke();
  ctx.restore();
}

function verticalRange(view, columns) {
  const values = [...columns[1], ...columns[2], ...columns[3]].filter((value) => value !== null);
  for (const [, low, high] of view.samples) if (low !== null) values.push(low, high);
  if (values.length === 0) return [0, 1];
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const room = Math.max((high - low) * 0.1, Math.abs(high) * 0.01, 0.5);
  return [low - room, high + room];
}

function axisTime(view) {
  const long = view.to - view.from > 2 * DAY;
  return (_, splits) => splits.map((time) => {
    const at = clock(time * 1000, view.zone);
    return long || at === "00:00" ? dateWords(time * 1000, view.zone, "short") : at;
  });
}

function outside(view, columns) {
  return columns[0].map((_, at) => at).filter((at) => {
    const value = columns[1][at];
    const band = value === null ? null : bandAt(columns[0][at] * 1000, view, view.zone);
    return band && (value < band[0] || value > band[1]);
  });
}

function options(view, columns, size, readout) {
  const sparse = columns[0].length < SPARSE;
  const marked = outside(view, columns);
  const all = columns[0].map((_, at) => at).filter((at) => columns[1][at] !== null);
  const axis = { stroke: paint("--ink-soft"), font: `12px ${getComputedStyle(document.body).fontFamily}`, ticks: { show: false } };
  return {
    ...size,
    tzDate: (time) => uPlot.tzDate(new Date(time * 1000), view.zone),
    padding: [12, 12, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false, setScale: false }, points: { size: 9, fill: paint("--line"), stroke: paint("--surface") } },
    scales: { x: { time: true, range: [view.from / 1000, view.to / 1000] }, y: { range: verticalRange(view, columns) } },
    axes: [
      { ...axis, values: axisTime(view), grid: { show: false }, space: 64, size: 34 },
      { ...axis, size: 46, grid: { stroke: paint("--grid"), width: 1 }, values: (_, splits) => splits.map((value) => upTo(value, 2)) },
    ],
    series: [{}, {
      stroke: paint("--line"), width: 2, spanGaps: false,
      points: { show: true, size: sparse ? 7 : 6, width: 0, fill: paint(sparse ? "--line" : "--outside"), filter: () => (sparse ? all : marked) },
    }, { show: false }, { show: false }],
    hooks: {
      drawClear: [(chart) => drawBand(chart, view)],
      draw: [drawExtremes, (chart) => sparse && ring(chart, marked)],
      setCursor: [(chart) => readout(chart.cursor.idx)],
    },
  };
}

/** Where every value is a dot, those outside the usual get a ring as well. */
function ring(chart, marked) {
  const { ctx } = chart;
  ctx.save();
  ctx.strokeStyle = paint("--outside");
  ctx.lineWidth = 2 * devicePixelRatio;
  for (const at of marked) {
    ctx.beginPath();
    ctx.arc(chart.valToPos(chart.data[0][at], "x", true), chart.valToPos(chart.data[1][at], "y", true), 7 * devicePixelRatio, 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.restore();
}

/** "84 /min at 14:05; usual then 63–73". */
export function readingInWords(view, time, value) {
  const band = bandAt(time, view, view.zone);
  const facts = { metric: view.metric, value, moment: moment(time, view.to, view.zone) };
  return band ? say("chart-reading-usual", { ...facts, low: band[0], high: band[1] }) : say("chart-reading", facts);
}

/** What the picture shows, for whoever does not see it. */
export function inWords(view, series) {
  if (series.v.length === 0) return say("chart-empty", { metric: view.metric });
  const low = series.v.reduce((a, b) => Math.min(a, b));
  const high = series.v.reduce((a, b) => Math.max(a, b));
  const beyond = series.t.filter((time, at) => {
    const band = bandAt(time, view, view.zone);
    return band && (series.v[at] < band[0] || series.v[at] > band[1]);
  }).length;
  const n = series.v.length;
  const words = say("chart-words", { metric: view.metric, from: moment(view.from, view.to, view.zone), until: clock(view.to, view.zone), n, low, high });
  return `${words} ${view.hours.length ? say("chart-outside", { beyond, n }) : say("chart-learning")}`;
}

/**
 * A chart in `container`.
 *
 * `draw(view, series)` shows a metric; `view`: metric, from, to (epoch ms), zone, hours, reach,
 * alerts, step (ms or null); `series`: t, v and, with a step, min and max.
 */
export function chartIn(container, readoutElement) {
  let chart = null;
  let view = null;
  let series = null;
  let columns = null;

  function size() {
    const width = container.clientWidth;
    return { width, height: width < NARROW_PX ? NARROW_HEIGHT_PX : HEIGHT_PX };
  }

  function readout(at) {
    const value = at === null || at === undefined ? null : columns[1][at];
    readoutElement.textContent = value === null || value === undefined
      ? say("chart-how")
      : readingInWords(view, columns[0][at] * 1000, value);
  }

  function redraw() {
    if (!view) return;
    chart?.destroy();
    columns = withGaps(series, view.step);
    chart = new uPlot(options(view, columns, size(), readout), columns, container);
    container.setAttribute("aria-label", inWords(view, series));
  }

  function draw(nextView, nextSeries) {
    view = { ...nextView, samples: bandSamples(nextView) };
    series = nextSeries;
    redraw();
    readout(null);
  }

  function step(direction) {
    let at = chart.cursor.idx ?? (direction > 0 ? -1 : columns[0].length);
    do at += direction; while (at >= 0 && at < columns[0].length && columns[1][at] === null);
    if (at < 0 || at >= columns[0].length) return;
    chart.setCursor({ left: chart.valToPos(columns[0][at], "x"), top: 0 });
  }

  container.tabIndex = 0;
  container.setAttribute("role", "img");
  container.addEventListener("keydown", (event) => {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!direction || !chart) return;
    event.preventDefault();
    readoutElement.setAttribute("aria-live", "polite");
    step(direction);
  });
  container.addEventListener("blur", () => readoutElement.setAttribute("aria-live", "off"));
  new ResizeObserver(() => chart && chart.width !== container.clientWidth && chart.setSize(size())).observe(container);
  onTheme(redraw);
  return { draw };
}
