import { contains, inflate, overlap, type Point, type Rect } from "./geometry";
import type { Scene } from "./scene";
import type { Listener, Unsubscribe } from "./store";

/** Up to so many cards, all of them are in the page, seen or not. */
export const ALL_UP_TO = 150;
/** Further out than this, names cannot be read: the flow is one drawing, and nothing of it is in the page. */
const FAR = 0.45;
/** More cards than this in view are one drawing too. */
const CROWD = 400;
/**
 * How far beyond the view cards are in the page, in px of the screen, so that moving a little brings nothing new.
 * What has come stays for twice that: a border that is crossed to and fro does not make and break cards.
 */
const MARGIN = 240;
/** More wires than this are drawn, not in the page. */
const MOST_WIRES = 600;

/** What is moved by a drag that is still going on, and how far. */
export interface Carried {
  readonly ids: ReadonlySet<string>;
  readonly by: Point;
}

export const NOTHING_CARRIED: Carried = { ids: new Set(), by: { x: 0, y: 0 } };

interface Shown {
  /** True: the flow is drawn as a whole, and the sets are empty. */
  readonly overview: boolean;
  readonly cards: ReadonlySet<string>;
  /** Cards out of view that wires in view lead to. */
  readonly ends: ReadonlySet<string>;
  readonly wires: readonly string[];
  /** Wires in view for which there is no room in the page. */
  readonly drawn: readonly string[];
}

const NOTHING: Shown = { overview: false, cards: new Set(), ends: new Set(), wires: [], drawn: [] };

/** Which part of a flow has to be in the page for what is looked at. */
export class Visible {
  shown: Shown = NOTHING;
  private view: Rect | null = null;
  private zoom = 1;
  private window: Rect = { x: 0, y: 0, width: 0, height: 0 };
  private carried = NOTHING_CARRIED;
  private readonly listeners = new Set<Listener>();

  constructor(
    private readonly scene: Scene,
    /** Cards that must not go although nobody sees them: one has the focus, or a wire is drawn from it. */
    private readonly kept: () => Iterable<string> = () => [],
  ) {}

  get = (): Shown => this.shown;

  subscribe = (listener: Listener): Unsubscribe => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The part of the flow that is in view, in its own px. */
  look(view: Rect, zoom: number): void {
    this.view = view;
    this.zoom = zoom;
    if (this.isEnough(view)) return;
    this.window = inflate(view, this.margin);
    this.refresh();
  }

  /** What the drag that is going on moves. */
  carry(carried: Carried): void {
    this.carried = carried;
  }

  /** The scene is another one. */
  refresh = (): void => {
    if (!this.view) return;
    const next = this.choose(this.view);
    if (sameShown(this.shown, next)) return;
    this.shown = next;
    for (const listener of [...this.listeners]) listener();
  };

  private get margin(): number {
    return MARGIN / this.zoom;
  }

  private get isFar(): boolean {
    return this.zoom < (this.shown.overview ? FAR * 1.05 : FAR);
  }

  /** Whether what is in the page still does for this view. */
  private isEnough(view: Rect): boolean {
    if (this.shown === NOTHING) return false;
    if (this.scene.cards.size <= ALL_UP_TO) return true;
    if (this.shown.overview || this.isFar) return this.shown.overview && this.isFar;
    const isRoomy = this.window.width > 2 * (view.width + 2 * this.margin);
    return !isRoomy && contains(this.window, inflate(view, this.margin / 3));
  }

  private choose(view: Rect): Shown {
    if (this.scene.cards.size <= ALL_UP_TO) {
      const cards = new Set(Array.from(this.scene.all(), ({ node }) => node.id));
      return {
        ...this.wiresFor(
          cards,
          Array.from(this.scene.allEdges(), ({ id }) => id),
        ),
        cards,
      };
    }
    const crowd = this.shown.overview ? CROWD * 0.9 : CROWD;
    if (this.isFar || this.scene.cards.within(view).length > crowd) {
      return { ...NOTHING, overview: true };
    }
    const cards = new Set(this.cardsIn(this.window));
    const lingering = inflate(this.window, this.margin);
    for (const id of this.shown.cards) {
      if (!cards.has(id) && this.cardIsIn(id, lingering)) cards.add(id);
    }
    for (const id of this.kept()) if (this.scene.card(id)) cards.add(id);
    const ordered = [...cards].sort((one, other) => this.orderOf(one) - this.orderOf(other));
    return { ...this.wiresFor(cards, this.wiresIn(this.window)), cards: new Set(ordered) };
  }

  /** Those in the area, and those that are carried into it. */
  private cardsIn(area: Rect): string[] {
    const { ids, by } = this.carried;
    const standing = this.scene.cards.within(area);
    if (ids.size === 0) return standing;
    const came = this.scene.cards.within({ ...area, x: area.x - by.x, y: area.y - by.y });
    return [...standing.filter((id) => !ids.has(id)), ...came.filter((id) => ids.has(id))];
  }

  private wiresIn(area: Rect): string[] {
    const wires = this.scene.wires.within(area);
    if (this.carried.ids.size === 0) return wires;
    const all = new Set(wires);
    for (const id of this.cardsIn(area)) for (const wire of this.scene.edgesAt(id)) all.add(wire);
    return [...all];
  }

  private wiresFor(cards: ReadonlySet<string>, found: readonly string[]): Omit<Shown, "cards"> {
    const ends = new Set<string>();
    // Those of cards in view come first where there is no room for all.
    const near = (id: string): number => {
      const edge = this.scene.edge(id);
      return edge && (cards.has(edge.source) || cards.has(edge.target)) ? 0 : 1;
    };
    const ordered =
      found.length > MOST_WIRES ? [...found].sort((one, other) => near(one) - near(other)) : found;
    const wires = ordered.slice(0, MOST_WIRES);
    for (const id of wires) {
      const edge = this.scene.edge(id);
      if (edge && !cards.has(edge.source)) ends.add(edge.source);
      if (edge && !cards.has(edge.target)) ends.add(edge.target);
    }
    return { overview: false, ends, wires, drawn: ordered.slice(MOST_WIRES) };
  }

  private cardIsIn(id: string, area: Rect): boolean {
    const rect = this.scene.cards.get(id);
    const { x, y } = this.carried.ids.has(id) ? this.carried.by : { x: 0, y: 0 };
    return rect !== undefined && overlap(area, { ...rect, x: rect.x + x, y: rect.y + y });
  }

  private orderOf(id: string): number {
    return this.scene.card(id)?.order ?? 0;
  }
}

function sameShown(one: Shown, other: Shown): boolean {
  return (
    one.overview === other.overview &&
    sameItems(one.cards, other.cards) &&
    sameItems(one.ends, other.ends) &&
    sameItems(one.wires, other.wires) &&
    sameItems(one.drawn, other.drawn)
  );
}

function sameItems(one: Iterable<string>, other: Iterable<string>): boolean {
  const mine = [...one];
  const theirs = [...other];
  return mine.length === theirs.length && mine.every((id, index) => id === theirs[index]);
}
