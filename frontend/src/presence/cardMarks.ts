import { cardOf } from "../core/groups/fold";
import type { Graph } from "../core/graph";
import type { Tab } from "../core/presence";
import { colourOf, namesOf } from "./people";

/** Who has a card selected: their names, and the colour of the first. */
export interface CardMark {
  readonly names: string;
  readonly colour: number;
}

/** The cards that others have selected, as this person's canvas draws them. */
export function marksOf(tabs: ReadonlyMap<string, Tab>, me: string, graph: Graph): Map<string, CardMark> {
  const mine = tabs.get(me)?.person;
  const people = new Map<string, Map<string, Tab>>();
  for (const tab of tabs.values()) {
    if (tab.person === mine) continue;
    for (const id of tab.selection) {
      if (!graph.nodes.has(id)) continue;
      const card = cardOf(graph, id);
      const others = people.get(card) ?? new Map<string, Tab>();
      people.set(card, others.set(tab.person, tab));
    }
  }
  const marks = new Map<string, CardMark>();
  for (const [card, by] of people) {
    const [first = ""] = by.keys();
    marks.set(card, { names: namesOf([...by.values()].map(({ name }) => name)), colour: colourOf(first) });
  }
  return marks;
}

/**
 * Frames the cards that are in the page by an attribute that the style sheet draws: it moves with its card, and no card is
 * drawn anew.
 */
export class CardMarks {
  private marks = new Map<string, CardMark>();
  private readonly marked = new Set<HTMLElement>();
  private readonly observer: MutationObserver;

  constructor(private readonly cards: HTMLElement) {
    this.observer = new MutationObserver((records) => {
      for (const { addedNodes } of records) {
        for (const node of addedNodes) if (node instanceof HTMLElement) this.mark(node);
      }
    });
    this.observer.observe(cards, { childList: true });
  }

  show(marks: Map<string, CardMark>): void {
    this.marks = marks;
    for (const element of this.marked) this.mark(element);
    for (const id of marks.keys()) {
      const element = this.cards.querySelector(`:scope > [data-id="${CSS.escape(id)}"]`);
      if (element instanceof HTMLElement) this.mark(element);
    }
  }

  stop(): void {
    this.observer.disconnect();
    this.show(new Map());
  }

  private mark(element: HTMLElement): void {
    const mark = this.marks.get(element.dataset["id"] ?? "");
    if (mark) {
      element.dataset["who"] = mark.names;
      element.dataset["whoColour"] = String(mark.colour);
      this.marked.add(element);
    } else {
      delete element.dataset["who"];
      delete element.dataset["whoColour"];
      this.marked.delete(element);
    }
  }
}
