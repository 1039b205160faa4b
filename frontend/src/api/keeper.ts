import type { Keeper, Kept } from "../core/editor";
import { newUuid } from "../core/ids";
import type { Entry } from "../core/pending";

/** What a page left behind longer ago is not sent any more: nobody remembers it, and it would write over newer work. */
const FORGOTTEN_MS = 7 * 24 * 3_600_000;
const TAB = "weirflow:tab";

/** What outlives the tab: edits on their way, and the revisions that undos among them speak of. */
interface Left {
  entries: Entry[];
  revs: [string, number][];
}

export interface FlowKeeper extends Keeper {
  /** Whether unsent edits outlive this tab, and not only a reload. */
  readonly outlives: boolean;
}

/**
 * Keeps unsent edits of one person on one flow. They survive a reload and the end of the tab: whichever page of this
 * person opens the flow next in this browser sends what a page that is gone has left, under the same ids. The history
 * stays in the tab, as it is that page's alone.
 *
 * That a tab lives is told by a lock which the browser holds for it. Without such locks (a page that came over plain HTTP
 * from another machine) edits survive a reload only.
 */
export function flowKeeper(flow: string, person: string, locks: LockManager | undefined): FlowKeeper {
  const history = `weirflow:edits:${flow}`;
  const prefix = `weirflow:unsent:${person}:${flow}:`;
  let tab: string | null = null;
  return {
    outlives: locks !== undefined,
    async load() {
      const kept = read<Kept>(sessionStorage, history);
      if (!locks) return kept;
      tab = await ownTab(locks);
      const own = read<Left>(localStorage, prefix + tab);
      const left = await leftByOthers(prefix, tab, locks);
      if (!kept && !own && left.length === 0) return null;
      const all = [...left, ...(own ? [own] : [])];
      const { undo = [], redo = [], revs = [] } = kept?.history ?? {};
      return {
        entries: all.flatMap(({ entries }) => entries),
        history: { undo, redo, revs: [...all.flatMap((one) => one.revs), ...revs] },
        adopted: left.flatMap(({ entries }) => entries).length,
      };
    },
    save(kept) {
      const { entries, history: steps } = kept;
      const beyond = tab === null ? null : prefix + tab;
      if (beyond !== null) {
        const ids = new Set(entries.flatMap((entry) => (entry.kind === "undo" ? [entry.target] : [])));
        const revs = steps.revs.filter(([id]) => ids.has(id));
        write(localStorage, beyond, entries.length > 0 ? ({ entries, revs } satisfies Left) : null);
      }
      const inTab = beyond === null ? kept : { entries: [], history: steps };
      const { undo, redo } = steps;
      write(sessionStorage, history, inTab.entries.length + undo.length + redo.length > 0 ? inTab : null);
    },
  };
}

/** The name of this tab, which a reload keeps. A tab that was copied from another needs one of its own. */
async function ownTab(locks: LockManager): Promise<string> {
  const before = text(sessionStorage, TAB);
  const tab = before !== null && (await hold(locks, before)) ? before : newUuid();
  if (tab !== before) await hold(locks, tab);
  write(sessionStorage, TAB, tab);
  return tab;
}

/** Holds the tab's lock for as long as the page lives; false when another page has it. */
function hold(locks: LockManager, tab: string): Promise<boolean> {
  return new Promise((resolve) => {
    void locks.request(`${TAB}:${tab}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise<void>(() => undefined);
    });
  });
}

/** Takes what pages that are gone have left, oldest first. */
async function leftByOthers(prefix: string, own: string, locks: LockManager): Promise<Left[]> {
  const found: Left[] = [];
  for (const key of keys(localStorage)) {
    const tab = key.startsWith(prefix) ? key.slice(prefix.length) : own;
    if (tab === own) continue;
    await locks.request(`${TAB}:${tab}`, { ifAvailable: true }, (lock) => {
      const left = lock && read<Left>(localStorage, key);
      if (!lock) return;
      write(localStorage, key, null);
      if (left?.entries.some(({ at }) => Date.now() - at < FORGOTTEN_MS)) found.push(left);
    });
  }
  return found.sort((one, other) => (one.entries[0]?.at ?? 0) - (other.entries[0]?.at ?? 0));
}

function keys(storage: Storage): string[] {
  try {
    return Object.keys(storage);
  } catch {
    return [];
  }
}

function read<T>(storage: Storage, key: string): T | null {
  const found = text(storage, key);
  try {
    return found === null ? null : (JSON.parse(found) as T);
  } catch {
    // Another version of the editor wrote it.
    return null;
  }
}

function text(storage: Storage, key: string): string | null {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

function write(storage: Storage, key: string, value: unknown): void {
  try {
    if (value === null) storage.removeItem(key);
    else storage.setItem(key, typeof value === "string" ? value : JSON.stringify(value));
  } catch {
    // Full or switched off: the edits still stand in memory and are sent from there.
  }
}
