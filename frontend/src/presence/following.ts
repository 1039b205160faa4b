import type { EditorHandle } from "../core/editorTypes";
import type { Point } from "../core/geometry";
import { asPoint, type Tab } from "../core/presence";
import type { Readable } from "../core/store";
import type { Presence } from "../live/presence";

/** What of the canvas is moved. */
export interface Sight {
  lookAt(place: Point): void;
}

/**
 * Keeps the view where the followed person is: in the group that they look into, at their pointer; while they have none, at
 * what they edit or have selected. Ends when they are gone; `stop` is for whoever sees this person act.
 */
export class Following {
  private shown: string | null = null;
  private readonly stops: readonly (() => void)[];

  constructor(
    private readonly presence: Presence,
    private readonly editor: EditorHandle,
    private readonly view: Readable<Sight | null>,
    private readonly tab: string,
  ) {
    this.stops = [
      presence.tabs.subscribe(() => this.step()),
      presence.watchCursors((moved) => moved === tab && this.step()),
      view.subscribe(() => this.step()),
    ];
    this.step();
  }

  stop(): void {
    for (const stop of this.stops) stop();
  }

  private step(): void {
    const here = this.presence.tabs.get().get(this.tab);
    if (!here) {
      this.presence.following.set(null);
      return;
    }
    if (here.view !== this.editor.within.get()) this.editor.enter(here.view);
    const cursor = this.presence.cursor(this.tab);
    if (cursor) this.view.get()?.lookAt(asPoint(cursor));
    else this.reveal(here);
  }

  /** Once for each thing: showing it again would move the view under this person's eyes. */
  private reveal({ form, selection }: Tab): void {
    const id = [form?.node, ...selection].find((one) => one !== undefined && this.isHere(one));
    if (id === undefined || id === this.shown) return;
    this.shown = id;
    this.editor.revealing.set({ id });
  }

  private isHere(id: string): boolean {
    const { nodes, edges } = this.editor.graph;
    return nodes.has(id) || edges.has(id);
  }
}
