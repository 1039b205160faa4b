import type { Here, HereDelta, Said, Tab } from "../core/presence";
import { Cell, type Unsubscribe } from "../core/store";

/**
 * Who is here now. What changes rarely is in cells; cursors, which move all the time, are told one by one to whoever
 * draws them, outside of React.
 */
export class Presence {
  /** This tab, on the connection there is now; empty before the first. */
  readonly me = new Cell("");
  /** All tabs, this one too. Another object when anything but a cursor is new. */
  readonly tabs = new Cell<ReadonlyMap<string, Tab>>(new Map());
  /** Whether somebody else is here; while nobody is, nothing has to be said. */
  readonly company = new Cell(false);
  /** The tab whose place this person follows. */
  readonly following = new Cell<string | null>(null);
  /** Says something to the others; the session makes the way for it. */
  say: (said: Said) => void = () => undefined;
  private readonly cursors = new Map<string, Here["cursor"]>();
  private readonly watchers = new Set<(tab: string) => void>();

  /** A connection stands: what was known is told anew. */
  connected(me: string): void {
    this.me.set(me);
  }

  merge(here: HereDelta, full: boolean): void {
    const tabs = new Map(full ? [] : this.tabs.get());
    const moved = new Set<string>();
    let isOther = full;
    if (full) {
      for (const tab of this.cursors.keys()) moved.add(tab);
      this.cursors.clear();
    }
    for (const [tab, delta] of Object.entries(here)) {
      const { cursor, ...rest } = delta ?? { cursor: null };
      if (cursor !== undefined) {
        moved.add(tab);
        if (cursor === null) this.cursors.delete(tab);
        else this.cursors.set(tab, cursor);
      }
      if (delta === null) isOther = tabs.delete(tab) || isOther;
      else if (Object.keys(rest).length > 0) {
        tabs.set(tab, { ...NOBODY, ...tabs.get(tab), ...rest });
        isOther = true;
      }
    }
    if (isOther) {
      this.tabs.set(tabs);
      const mine = tabs.get(this.me.get())?.person;
      this.company.set([...tabs.values()].some(({ person }) => person !== mine));
    }
    for (const tab of moved) for (const watcher of [...this.watchers]) watcher(tab);
  }

  /** The newest place of a tab's pointer. */
  cursor = (tab: string): Here["cursor"] => this.cursors.get(tab) ?? null;

  /** Woken with each tab whose pointer moved, came or went. */
  watchCursors(watcher: (tab: string) => void): Unsubscribe {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }
}

const NOBODY: Tab = {
  person: "",
  name: "",
  away: false,
  view: null,
  selection: [],
  form: null,
};
