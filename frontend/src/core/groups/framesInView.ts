import type { EditorHandle } from "../editorTypes";
import { contains, inflate, type Rect } from "../geometry";
import type { Graph } from "../graph";
import { isSeen } from "./frames";
import { RectIndex } from "../rectIndex";
import type { Listener, Unsubscribe } from "../store";
import type { FlowGroup, FlowNote } from "../types";

/** Up to so many frames, all of them are in the page, seen or not: Tab walks through them. */
const ALL_UP_TO = 20;
/** How far beyond the view frames are in the page, px of the screen: as far as cards are. */
const MARGIN = 240;

export interface FramesShown {
  readonly groups: readonly FlowGroup[];
  readonly notes: readonly FlowNote[];
}

const NOWHERE: Rect = { x: 0, y: 0, width: -1, height: -1 };

/**
 * Which frames of open groups and which notes have to be in the page for what is looked at. A change of the flow costs
 * what it touches, a movement of the view what it brings.
 */
export class FramesInView {
  private shown: FramesShown = { groups: [], notes: [] };
  private readonly index = new RectIndex();
  /** Frames lie on each other in the order in which they came. */
  private readonly orders = new Map<string, number>();
  private next = 0;
  private window = NOWHERE;
  private readOf: Graph | null = null;
  private readonly listeners = new Set<Listener>();

  constructor(
    private readonly editor: Pick<EditorHandle, "graph" | "subscribe">,
    /** Frames that must not go although nobody sees them: somebody works with them. */
    private readonly kept: () => Iterable<string>,
  ) {
    this.readAll();
  }

  get = (): FramesShown => this.shown;

  subscribe = (listener: Listener): Unsubscribe => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Follows the editor until the answer is called. */
  follow(): Unsubscribe {
    if (this.readOf !== this.editor.graph) this.readAll();
    return this.editor.subscribe((touched) => this.take(touched));
  }

  /** The part of the flow that is in view, in its own px. */
  look(view: Rect, zoom: number): void {
    const margin = MARGIN / zoom;
    const isRoomy = this.window.width > 2 * (view.width + 2 * margin);
    if (!isRoomy && contains(this.window, inflate(view, margin / 3))) return;
    this.window = inflate(view, margin);
    this.refresh();
  }

  /** What is kept is another thing. */
  refresh = (): void => {
    const next = this.choose();
    if (sameItems(this.shown.groups, next.groups) && sameItems(this.shown.notes, next.notes)) return;
    this.shown = next;
    for (const listener of [...this.listeners]) listener();
  };

  private readAll(): void {
    const { groups, notes } = (this.readOf = this.editor.graph);
    this.take(new Set([...this.orders.keys(), ...groups.keys(), ...notes.keys()]));
  }

  private take(touched: Iterable<string>): void {
    const { groups, notes } = this.editor.graph;
    let isOther = false;
    for (const id of withNotes(this.editor.graph, touched)) {
      const exists = groups.has(id) || notes.has(id);
      if (!exists && !this.orders.has(id)) continue;
      isOther = true;
      const frame = this.frameOf(id);
      if (frame) this.index.set(id, frame);
      else this.index.delete(id);
      if (!exists) this.orders.delete(id);
      else if (!this.orders.has(id)) this.orders.set(id, this.next++);
    }
    if (isOther) this.refresh();
  }

  private frameOf(id: string): FlowGroup | FlowNote | undefined {
    const { groups, notes } = this.editor.graph;
    const group = groups.get(id);
    if (group) return group.collapsed ? undefined : group;
    const note = notes.get(id);
    return note && isSeen(this.editor.graph, note) ? note : undefined;
  }

  private choose(): FramesShown {
    const { groups, notes } = this.editor.graph;
    const all = this.index.size <= ALL_UP_TO;
    const ids = new Set(all ? this.orders.keys() : this.index.within(this.window));
    for (const id of this.kept()) ids.add(id);
    const open = [...ids].filter((id) => this.index.get(id) !== undefined);
    const ordered = open.sort((one, other) => this.orderOf(one) - this.orderOf(other));
    return {
      groups: ordered.flatMap((id) => groups.get(id) ?? []),
      notes: ordered.flatMap((id) => notes.get(id) ?? []),
    };
  }

  private orderOf(id: string): number {
    return this.orders.get(id) ?? 0;
  }
}

/** A group that is collapsed hides its notes. */
function withNotes({ groups, notes }: Graph, touched: Iterable<string>): Set<string> {
  const ids = new Set(touched);
  const some = [...ids].some((id) => groups.has(id));
  if (some) for (const { id, group } of notes.values()) if (group !== null && ids.has(group)) ids.add(id);
  return ids;
}

function sameItems(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
