import { MAX_SELECTION, type Here, type Said } from "../core/presence";
import type { Presence } from "../live/presence";

/** Milliseconds between two things that a tab says of itself: among few people, and among many. */
export const PACE_MS = 83;
export const CROWD_PACE_MS = 250;
const CROWD = 30;

type State = Pick<Here, "cursor" | "selection" | "form" | "view"> & { follow: string | null };
const NOTHING: State = { cursor: null, selection: [], form: null, view: null, follow: null };

/**
 * Says what this person does, as often as the protocol allows and only what is another than before. A hidden tab says
 * nothing; on a new connection all is said again.
 */
export class Telling {
  private now: State = NOTHING;
  /** What the server knows on this connection; nothing yet: all of it is said. */
  private said: Partial<State> = {};
  private saidAt = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stops: readonly (() => void)[] = [];

  constructor(private readonly presence: Presence) {}

  start(): void {
    const again = (): void => {
      this.said = {};
      this.ask();
    };
    document.addEventListener("visibilitychange", again);
    this.stops = [
      this.presence.me.subscribe(again),
      () => document.removeEventListener("visibilitychange", again),
    ];
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.said = {};
    for (const stop of this.stops) stop();
  }

  set(state: Partial<State>): void {
    const selection = state.selection?.slice(0, MAX_SELECTION);
    this.now = { ...this.now, ...state, ...(selection && { selection }) };
    this.ask();
  }

  private ask(): void {
    if (this.timer !== undefined || document.hidden) return;
    const pace = this.presence.tabs.get().size > CROWD ? CROWD_PACE_MS : PACE_MS;
    const wait = Math.max(0, this.saidAt + pace - performance.now());
    this.timer = setTimeout(() => this.tell(), wait);
  }

  private tell(): void {
    this.timer = undefined;
    if (document.hidden) return;
    const said = Object.fromEntries(
      Object.entries(this.now).filter(([key, value]) => !isSame(value, this.said[key as keyof State])),
    ) as Said;
    if (Object.keys(said).length === 0) return;
    this.saidAt = performance.now();
    this.said = this.now;
    this.presence.say(said);
  }
}

/** They are small and plain. */
function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
