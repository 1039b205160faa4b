import { asPoint } from "../core/presence";
import type { Presence } from "../live/presence";
import { colourOf } from "./people";

const SVG = "http://www.w3.org/2000/svg";
const ARROW = "M2 2l11.5 4.5-5 2-2 5z";
const CROWD = 30;

/**
 * Draws the pointers of others into `layer`, which moves with the flow: elements of its own, outside of what React
 * draws. Between two places that were told the browser moves them by itself.
 */
export class CursorLayer {
  private readonly shown = new Map<string, HTMLElement>();
  private readonly stops: readonly (() => void)[];

  constructor(
    private readonly layer: HTMLElement,
    private readonly presence: Presence,
    /** The group that this person looks into. */
    private readonly view: string | null,
  ) {
    this.stops = [presence.watchCursors((tab) => this.place(tab)), presence.tabs.subscribe(() => this.all())];
    this.all();
  }

  stop(): void {
    for (const stop of this.stops) stop();
    for (const element of this.shown.values()) element.remove();
    this.shown.clear();
  }

  /** Pointers keep their size on the screen. */
  zoomed(zoom: number): void {
    this.layer.style.setProperty("--cursor-scale", String(1 / zoom));
  }

  private all(): void {
    const { tabs } = this.presence;
    this.layer.classList.toggle("cursors--crowd", tabs.get().size > CROWD);
    for (const tab of this.shown.keys()) if (!tabs.get().has(tab)) this.drop(tab);
    for (const tab of tabs.get().keys()) this.place(tab);
  }

  private place(tab: string): void {
    const here = this.presence.tabs.get().get(tab);
    const cursor = this.presence.cursor(tab);
    const mine = this.presence.tabs.get().get(this.presence.me.get())?.person;
    if (!here || !cursor || here.view !== this.view || here.person === mine) {
      this.drop(tab);
      return;
    }
    const { x, y } = asPoint(cursor);
    const known = this.shown.get(tab);
    const element = known ?? makeCursor(here.name, colourOf(here.person));
    element.style.transform = `translate(${String(x)}px, ${String(y)}px)`;
    if (known) return;
    this.shown.set(tab, element);
    this.layer.append(element);
  }

  private drop(tab: string): void {
    this.shown.get(tab)?.remove();
    this.shown.delete(tab);
  }
}

function makeCursor(name: string, colour: number): HTMLElement {
  const element = document.createElement("div");
  element.className = `cursor is-who-${String(colour)}`;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ARROW);
  svg.append(path);
  const label = document.createElement("span");
  label.className = "cursor__name";
  label.textContent = name;
  const inner = document.createElement("div");
  inner.className = "cursor__body";
  inner.append(svg, label);
  element.append(inner);
  return element;
}
