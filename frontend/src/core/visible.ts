import { contains, inflate, overlap, type Point, type Rect } from "./geometry";
import type { Scene } from "./scene";
import type { Listener, Unsubscribe } from "./store";
import { distance, nextTurn } from "./turns";

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
/** The window follows the view when less than this part of the margin is left: early, as what is near comes in turns. */
const STEP = 2 / 3;
/** More wires than this are drawn, not in the page. */
const MOST_WIRES = 600;
/**
 * So many of what is near the view come in one turn, and go: a column of cards at once would take longer than a frame.
 * What is in view itself comes at once, whatever it takes.
 */
const CARDS_A_TURN = 4;
const WIRES_A_TURN = 6;

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
  /** Something near the view has yet to come, or to go: it does so in the next `turn`s, one a frame. */
  isBehind = false;
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
    const isEnough = this.isEnough(view);
    if (isEnough && !this.isBehind) return;
    if (!isEnough) this.window = inflate(view, this.margin);
    this.refresh();
  }

  /** The next few of what is near the view. */
  turn = (): void => {
    if (this.isBehind) this.update(1);
  };

  /** What the drag that is going on moves. */
  carry(carried: Carried): void {
    this.carried = carried;
  }

  /** The scene is another one. */
  refresh = (): void => this.update(0);

  private update(turns: 0 | 1): void {
    if (!this.view) return;
    const next = this.choose(this.view, turns);
    if (sameShown(this.shown, next)) return;
    this.shown = next;
    for (const listener of [...this.listeners]) listener();
  }

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
    return !isRoomy && contains(this.window, inflate(view, this.margin * STEP));
  }

  private choose(view: Rect, turns: 0 | 1): Shown {
    this.isBehind = false;
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
    const seen = this.cardsIn(view);
    if (this.isFar || seen.length > crowd) return { ...NOTHING, overview: true };
    const lingering = inflate(this.window, this.margin);
    const kept = [...this.kept()].filter((id) => this.scene.card(id));
    const cards = nextTurn({
      before: this.shown.cards,
      seen: [...seen, ...kept],
      near: this.cardsIn(this.window),
      stays: (id) => this.cardIsIn(id, lingering),
      far: (id) => distance(this.scene.cards.get(id), view),
      most: turns * CARDS_A_TURN,
    });
    const near = this.wiresIn(this.window);
    const isFull = near.length > MOST_WIRES;
    const wires = nextTurn({
      before: isFull ? [] : this.shown.wires,
      seen: isFull ? near : this.wiresIn(view),
      near,
      stays: (id) => this.wireIsIn(id, lingering),
      far: (id) => distance(this.scene.wires.get(id), view),
      most: turns * WIRES_A_TURN,
    });
    this.isBehind = cards.isBehind || wires.isBehind;
    return { ...this.wiresFor(cards.ids, [...wires.ids]), cards: cards.ids };
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

  private wireIsIn(id: string, area: Rect): boolean {
    const rect = this.scene.wires.get(id);
    const edge = this.scene.edge(id);
    if (!rect || !edge) return false;
    return overlap(area, rect) || this.carried.ids.has(edge.source) || this.carried.ids.has(edge.target);
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
