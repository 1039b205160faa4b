import { Cell } from "../core/store";
import type { TapPort, TapRow } from "../core/types";
import { DebugLog } from "./debugLog";
import type { Schedule } from "./schedule";

/** As many as the server listens to for one page. */
export const TAP_LIMIT = 64;

/**
 * Ports whose messages a person wants to see one by one. They are sent only while a drawer shows them: `wanted` is
 * empty when it is closed, `watched` is what was chosen and stays.
 */
export class Taps {
  /** Chosen by hand. */
  readonly watched = new Cell<readonly TapPort[]>([]);
  /** What the server shall send now. */
  readonly wanted = new Cell<readonly TapPort[]>([]);
  readonly log: DebugLog;

  constructor(schedule: Schedule) {
    this.log = new DebugLog(schedule);
  }

  isWatched(node: string, port: string): boolean {
    return this.watched.get().some((one) => isSame(one, node, port));
  }

  /** Watch these as well; past the limit the first chosen go. */
  watch(ports: readonly TapPort[]): void {
    const fresh = ports.filter(([node, port]) => !this.isWatched(node, port));
    if (fresh.length > 0) this.watched.set([...this.watched.get(), ...fresh].slice(-TAP_LIMIT));
  }

  unwatch(node: string, port: string): void {
    this.watched.set(this.watched.get().filter((one) => !isSame(one, node, port)));
  }

  /** Have these sent, and nothing else. */
  want(ports: readonly TapPort[]): void {
    const limited = ports.slice(0, TAP_LIMIT);
    if (keyOf(limited) !== keyOf(this.wanted.get())) this.wanted.set(limited);
  }

  heard(rows: readonly TapRow[], lost: number): void {
    this.log.add(rows, lost);
  }
}

function isSame([node, port]: TapPort, otherNode: string, otherPort: string): boolean {
  return node === otherNode && port === otherPort;
}

function keyOf(ports: readonly TapPort[]): string {
  return ports.map(([node, port]) => `${node} ${port}`).join("\n");
}
