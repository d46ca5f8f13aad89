// The measuring screens' drawings: icons, the countdown ring, and the live trace.

import { h } from "../../js/elements.js";

const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const SHAPES = {
  pulse: ["M12 20.5C5.5 16 2.5 12.3 2.5 8.6A5 5 0 0 1 12 6.4a5 5 0 0 1 9.5 2.2c0 3.7-3 7.4-9.5 11.9z", "M6.5 12h3l1.5-3 2.5 5 1.3-2h2.7"],
  breathing: ["M12 3.5v9", "M12 9c-1.5 1.5-2.5 2-3.5 2", "M12 9c1.5 1.5 2.5 2 3.5 2", "M8.5 6.5C5.5 7.5 3 13 3 17.5c0 2 1.2 3 3 3 2.8 0 4-1.5 4-4V9", "M15.5 6.5c3 1 5.5 6.5 5.5 11 0 2-1.2 3-3 3-2.8 0-4-1.5-4-4V9"],
  cough: ["M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3z", "M5.5 11.5a6.5 6.5 0 0 0 13 0", "M12 18v3"],
  tremor: ["M8 12.5V5.8a1.5 1.5 0 0 1 3 0V11", "M11 10.5V4.3a1.5 1.5 0 0 1 3 0V11", "M14 11V6.3a1.5 1.5 0 0 1 3 0V14c0 4-2.2 6.7-5.5 6.7-2.6 0-4-1.2-5.2-3.3l-2-3.6c-.8-1.5 1-2.7 2.2-1.5L8 13.8", "M20 8.5v4", "M22.3 9.7v1.6"],
  balance: ["M12 2.8a1.9 1.9 0 1 0 0 3.8 1.9 1.9 0 0 0 0-3.8z", "M12 8.5v6", "M6.5 10h11", "M12 14.5 9.5 21", "M12 14.5l2.5 6.5", "M4 21h16"],
  walk: ["M13.5 2.8a1.9 1.9 0 1 0 0 3.8 1.9 1.9 0 0 0 0-3.8z", "M12.5 8.8l-1.2 5.4 3.2 2.8 1 4.2", "M11.3 14.2 9.8 18l-3 3", "M12.5 8.8 8.8 10.5 7.5 13.5", "M13.2 9.5l2 2.5 3 .8"],
  typed: ["M4 20l1-4L16.5 4.5a2.1 2.1 0 0 1 3 3L8 19z", "M14.5 6.5l3 3", "M13 20h7"],
  oximeter: ["M4 9.5C4 6.5 6.5 5 9.5 5H18a2.5 2.5 0 0 1 0 5H4z", "M4 14h12a3.5 3.5 0 0 1 0 5H8.5C6 19 4 17.3 4 14z", "M4 10v4", "M10 7.5h3.5"],
  strap: ["M2.5 10.5h5l1-1.5h7l1 1.5h5", "M2.5 14.5h5l1 1.5h7l1-1.5h5", "M2.5 10.5v4", "M21.5 10.5v4", "M9.5 12.5h1.3l1-1.6 1.2 3 .9-1.4h1"],
  arrow: ["M9 5l7 7-7 7"],
  good: ["M4.5 12.5l5 5 10-11"],
  attention: ["M12 3 22.5 21h-21z", "M12 9.5v5", "M12 17.6v.5"],
};

/** An icon of `SHAPES`; decoration only, the word stands beside it. */
export function drawing(name) {
  const paths = SHAPES[name].map((d) => svg("path", { d }));
  return svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", class: `icon measure-icon` }, ...paths);
}

const RING_RADIUS = 46;
const RING_LENGTH = 2 * Math.PI * RING_RADIUS;

/** A ring that closes as time passes, with `inside` in its middle. */
export function makeRing(inside) {
  const arc = svg("circle", {
    cx: 50, cy: 50, r: RING_RADIUS, class: "ring-arc", "stroke-dasharray": RING_LENGTH, "stroke-dashoffset": RING_LENGTH,
  });
  const track = svg("circle", { cx: 50, cy: 50, r: RING_RADIUS, class: "ring-track" });
  const picture = svg("svg", { viewBox: "0 0 100 100", "aria-hidden": "true", class: "ring-picture" }, track, arc);
  const element = h("div", { class: "ring" }, picture, h("div", { class: "ring-inside" }, inside));
  return {
    element,
    /** `progress` from 0 to 1. */
    show(progress) {
      arc.setAttribute("stroke-dashoffset", String(RING_LENGTH * (1 - progress)));
    },
  };
}

/** Fewer redraws where motion was asked to be reduced: the trace then steps instead of flowing. */
const CALM_MS = 1000;
const TRACE_ROOM = 0.12;

/**
 * A live line, newest at the right; decoration beside the words, hidden from screen readers.
 * @param {number} seconds shown at once
 */
export function makeTrace(seconds) {
  const canvas = h("canvas", { class: "trace", "aria-hidden": "true" });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let drawnAt = -Infinity;
  let low = null;
  let high = null;

  const fit = (points) => {
    let least = Infinity;
    let most = -Infinity;
    for (const { value } of points) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    // The scale follows slowly, so that one jolt does not flatten the line for good nor make it jump.
    const follow = (old, now) => (old === null ? now : old + 0.15 * (now - old));
    low = follow(low, least);
    high = follow(high, most);
  };

  return {
    element: canvas,
    /** `points`: `{time (ms), value}`, oldest first. `floor`: the least range that fills the height. */
    draw(points, floor = 0) {
      const now = performance.now();
      if (points.length < 2 || (calm && now - drawnAt < CALM_MS)) return;
      drawnAt = now;
      const width = canvas.clientWidth * devicePixelRatio;
      const height = canvas.clientHeight * devicePixelRatio;
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      fit(points);
      const range = Math.max(high - low, floor) || 1;
      const middle = (high + low) / 2;
      const last = points.at(-1).time;
      const context = canvas.getContext("2d");
      context.clearRect(0, 0, width, height);
      context.strokeStyle = getComputedStyle(canvas).color;
      context.lineWidth = 2.5 * devicePixelRatio;
      context.lineJoin = "round";
      context.lineCap = "round";
      context.beginPath();
      for (const { time, value } of points) {
        const x = width * (1 - (last - time) / (seconds * 1000)) - 4 * devicePixelRatio;
        const y = height * (0.5 - ((value - middle) / range) * (1 - 2 * TRACE_ROOM));
        context.lineTo(x, y);
      }
      context.stroke();
    },
    clear() {
      low = null;
      high = null;
      canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
    },
  };
}
