"""What of a page can be seen and reached: every element's visible box, not only the page's width.

A page is not wider than the screen where something inside it is cut (`overflow: hidden`), so its width says
nothing about what a card hides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

CUT = """() => {
  const found = [];
  const wide = document.documentElement.clientWidth;
  const scrolls = (style) => ["auto", "scroll"].includes(style.overflowX);
  const clips = (style) => ["hidden", "clip"].includes(style.overflowX);
  const boxOf = (each) => each.getBoundingClientRect();
  // What a line of text takes, also where its element's box is narrower than the words in it.
  const wordsOf = (each) => {
    const boxes = [];
    for (const node of each.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || !node.textContent.trim()) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      boxes.push(...range.getClientRects());
    }
    return boxes;
  };
  for (const each of document.querySelectorAll("body *")) {
    if (each.closest(".visually-hidden, .skip, svg, canvas, option, .uplot, video, [hidden], [aria-hidden=true]")) continue;
    if (!each.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
    const acts = each.matches("button, a[href], input, select, textarea, summary");
    const boxes = [...(acts ? [boxOf(each)] : []), ...wordsOf(each)].filter((box) => box.width > 0 && box.height > 0);
    let [low, high] = [0, wide];
    for (let above = each.parentElement; above && above !== document.body; above = above.parentElement) {
      const style = getComputedStyle(above);
      if (scrolls(style)) { // reachable by scrolling, as long as the place that scrolls is itself on the screen
        const place = boxOf(above);
        if (place.left < -1 || place.right > wide + 1) found.push(`${above.className || above.tagName} scrolls off the screen`);
        [low, high] = [-Infinity, Infinity];
        break;
      }
      if (clips(style)) {
        const place = boxOf(above);
        low = Math.max(low, place.left);
        high = Math.min(high, place.right);
      }
    }
    for (const box of boxes) {
      if (box.left < low - 1 || box.right > high + 1) {
        found.push(`${each.tagName.toLowerCase()}.${each.className}: “${(each.innerText || each.value || "").slice(0, 60)}” ${Math.round(box.left)}–${Math.round(box.right)} of ${Math.round(low)}–${Math.round(high)}`);
        break;
      }
    }
  }
  return [...new Set(found)];
}"""  # noqa: E501


def cut_off(page: Page) -> list[str]:
    """What of the page is cut off at its sides, in words; empty where all can be seen or scrolled to."""
    found: list[str] = page.evaluate(CUT)
    return found


OVERLAP = """() => {
  const words = [];
  const isShown = (each, box) => { // not scrolled away inside something
    for (let above = each.parentElement; above && above !== document.body; above = above.parentElement) {
      const style = getComputedStyle(above);
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const place = above.getBoundingClientRect();
      if (box.bottom > place.bottom + 1 || box.top < place.top - 1 || box.right > place.right + 1 || box.left < place.left - 1) return false;
    }
    return true;
  };
  for (const each of document.querySelectorAll("body *")) {
    if (each.closest(".visually-hidden, .skip, svg, canvas, option, .uplot, .toasts, .tabs, .app-head, [hidden], [aria-hidden=true]")) continue;
    if (!each.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
    for (const node of each.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || !node.textContent.trim()) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) if (box.width > 1 && box.height > 1 && isShown(each, box)) words.push([each, box, node.textContent.trim()]);
    }
  }
  const found = [];
  words.forEach(([one, a, said], at) => {
    for (const [other, b, told] of words.slice(at + 1, at + 40)) {
      if (one === other || one.contains(other) || other.contains(one)) continue;
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 2 && down > 4) found.push(`“${said.slice(0, 40)}” lies on “${told.slice(0, 40)}”`);
    }
  });
  return [...new Set(found)];
}"""  # noqa: E501


def overlapping(page: Page) -> list[str]:
    """Words that lie on other words."""
    found: list[str] = page.evaluate(OVERLAP)
    return found


def enlarge_text(page: Page, times: float) -> None:
    """As somebody does who needs larger letters: the root's size, by which every size here is measured."""
    page.evaluate("(times) => { document.documentElement.style.fontSize = `${100 * times}%`; }", times)
