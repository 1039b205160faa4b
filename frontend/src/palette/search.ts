/** Finds components by what people type: every word has to be found, titles weigh most. */

import type { Component } from "../core/types";

/** Components that fit `query`, best first; all of them, as they come, for an empty query. */
export function search(components: readonly Component[], query: string): Component[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [...components];
  return components
    .map((component) => ({ component, score: scoreOf(component, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.component.title.localeCompare(b.component.title))
    .map(({ component }) => component);
}

/** 0 when a word is found nowhere. */
function scoreOf(component: Component, words: string[]): number {
  let total = 0;
  for (const word of words) {
    const best = Math.max(
      wordScore(component.title, word) * 4,
      wordScore(component.name.replace(/_/g, " "), word) * 3,
      ...component.tags.map((tag) => wordScore(tag, word) * 2),
      wordScore(component.category, word) * 1.5,
      component.description.toLowerCase().includes(word) ? 1 : 0,
    );
    if (best === 0) return 0;
    total += best;
  }
  return total;
}

/** 4 whole, 3 start, 2 start of a word, 1.5 inside, 1 the letters in order ("sct" finds "Stateful Counter"), 0 not at all. */
function wordScore(text: string, word: string): number {
  const lower = text.toLowerCase();
  if (lower === word) return 4;
  if (lower.startsWith(word)) return 3;
  if (lower.split(/[\s_-]+/).some((part) => part.startsWith(word))) return 2;
  if (lower.includes(word)) return 1.5;
  return word.length > 1 && hasInOrder(lower, word) ? 1 : 0;
}

function hasInOrder(text: string, letters: string): boolean {
  let from = 0;
  for (const letter of letters) {
    from = text.indexOf(letter, from) + 1;
    if (from === 0) return false;
  }
  return true;
}
