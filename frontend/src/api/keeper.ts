import type { Keeper, Kept } from "../core/editor";

/** Keeps unsent edits in this tab's session storage: they survive a reload, and no other tab sends them. */
export function sessionKeeper(flow: string): Keeper {
  const key = `weirflow:edits:${flow}`;
  return {
    load() {
      try {
        const text = sessionStorage.getItem(key);
        return text ? (JSON.parse(text) as Kept) : null;
      } catch {
        // Another version of the editor wrote it, or storage is switched off.
        return null;
      }
    },
    save(kept) {
      try {
        const { undo, redo } = kept.history;
        if (kept.entries.length + undo.length + redo.length === 0) sessionStorage.removeItem(key);
        else sessionStorage.setItem(key, JSON.stringify(kept));
      } catch {
        // Full or switched off: the edits still stand in memory and are sent from there.
      }
    },
  };
}
