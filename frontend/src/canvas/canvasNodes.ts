import { Position, type Node, type NodeHandle } from "@xyflow/react";
import { count } from "../core/format";
import { PORT_SIZE, type CardLayout } from "../core/geometry";
import { isBorder } from "../core/groups/borderIds";
import { isFold } from "../core/groups/fold";
import type { Scene, SceneCard } from "../core/scene";
import type { FlowNode, PortPosition } from "../core/types";

export interface CardData extends Record<string, unknown> {
  readonly layout: CardLayout;
  /** Names of wired ports, outputs with a leading `>`. */
  readonly wired: string;
}
export type CanvasNode = Node<CardData, "card" | "group">;

export const POSITIONS: Record<PortPosition, Position> = {
  0: Position.Top,
  1: Position.Right,
  2: Position.Bottom,
  3: Position.Left,
};

interface Inputs {
  readonly scene: Scene;
  /** The scene's: what is built is of this version. */
  readonly version: number;
  readonly cards: Iterable<string>;
  /** Cards that are not in the page, but wires there lead to them. */
  readonly ends: Iterable<string>;
  readonly selected: ReadonlySet<string>;
  /** Moved by a drag: where they are seen says a style. */
  readonly carried: ReadonlySet<string>;
}

interface Made {
  readonly card: SceneCard;
  readonly made: CanvasNode;
}

/**
 * Turns cards into what the canvas library draws, for the part of the flow that is looked at. Sizes and port places
 * are given up front, so that nothing has to be measured in the page; a node that did not change keeps its object,
 * so that only cards that did change are drawn again.
 */
export class CanvasNodes {
  private cache = new Map<string, Made>();
  private last: CanvasNode[] = [];

  build({ scene, cards, ends, selected, carried }: Inputs): CanvasNode[] {
    const next = new Map<string, Made>();
    // A card keeps its place among the others whether it is hidden or not: React would take those after it out of the page
    // and put them in again, and the browser lay all of them out anew.
    const order = (id: string): number => scene.card(id)?.order ?? 0;
    const hidden = new Map<string, boolean>();
    for (const id of ends) hidden.set(id, true);
    for (const id of cards) hidden.set(id, false);
    const ids = [...hidden.keys()].sort((one, other) => order(one) - order(other));
    const take = (id: string, hidden: boolean): void => {
      const card = scene.card(id);
      if (!card) return;
      const isSelected = selected.has(id);
      const className = carried.has(id) ? "carried" : "";
      const old = this.cache.get(id);
      if (old?.card !== card || old.made.selected !== isSelected) {
        next.set(id, { card, made: { ...make(card, isSelected), hidden, className } });
      } else if (old.made.hidden === hidden && old.made.className === className) next.set(id, old);
      else next.set(id, { card, made: { ...old.made, hidden, className } });
    };
    for (const id of ids) take(id, hidden.get(id) === true);
    this.cache = next;
    const made = Array.from(next.values(), ({ made }) => made);
    // The same list says that there is nothing to tell anybody.
    const same = made.length === this.last.length && made.every((node, index) => node === this.last[index]);
    return same ? this.last : (this.last = made);
  }
}

/** Id of the card's live line. */
export function describing(node: string): string {
  return `live-${node}`;
}

/** Id of the card's state mark. */
export function stateOf(node: string): string {
  return `state-${node}`;
}

/** "Visits, stateful counter, 3 inputs, 1 output". */
function nameOf({ label, component }: FlowNode, { ports }: CardLayout): string {
  const outputs = ports.filter((port) => port.source && !port.missing).length;
  const inputs = ports.filter((port) => !port.source && !port.missing).length;
  const parts = [label || component];
  if (label !== "") parts.push(component.replaceAll("_", " "));
  if (inputs > 0) parts.push(count(inputs, "input"));
  if (outputs > 0) parts.push(count(outputs, "output"));
  return parts.join(", ");
}

function make({ node, layout, wired }: SceneCard, selected: boolean): CanvasNode {
  const { width, height } = layout;
  return {
    id: node.id,
    type: isFold(node) ? "group" : "card",
    position: { x: node.x, y: node.y },
    data: { layout, wired },
    selected,
    width,
    height,
    measured: { width, height },
    handles: layout.ports.map((port): NodeHandle => {
      return {
        id: port.name,
        type: port.source ? "source" : "target",
        position: POSITIONS[port.position],
        x: port.x - PORT_SIZE / 2,
        y: port.y - PORT_SIZE / 2,
        width: PORT_SIZE,
        height: PORT_SIZE,
      };
    }),
    // What is outside of a group is nothing that could be moved there.
    ...(isBorder(node.id) && { selectable: false, draggable: false }),
    ariaLabel: nameOf(node, layout),
    // Read out with the name when the card gets the focus: its state, and its error or what it is doing. Tab stops
    // at what is selected only; arrow keys walk from there.
    domAttributes: {
      "aria-describedby": `${stateOf(node.id)} ${describing(node.id)}`,
      tabIndex: selected ? 0 : -1,
    },
  };
}
