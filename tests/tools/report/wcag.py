"""Contrast by WCAG 2: a script that measures every text of a page as the browser shows it."""

from __future__ import annotations

from typing import Final

CONTRAST: Final = """(() => {
  const parse = (color) => (color.match(/[\\d.]+/g) || []).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const box = at.matches("a.node") ? at.querySelector("rect") : null;
      const color = parse(box ? getComputedStyle(box).fill : getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const dimmed = (element) => element.closest(".focused .node:not(.on)") !== null;
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || element.closest("script, style, title") || !element.checkVisibility() || dimmed(element)) continue;
    const style = getComputedStyle(element);
    found.push([text, ratio(parse(element instanceof SVGElement ? style.fill : style.color), ground(element))]);
  }
  return found;
})()"""
"""An expression that gives each displayed text with its contrast to what is behind it, dimmed parts of the picture excepted."""
