import { Cell, KeyedListeners, type Listener, type Unsubscribe } from "../core/store";
import type { EdgeLive, LiveFrame, NodeLive } from "../core/types";
import { Presence } from "./presence";
import type { Schedule } from "./schedule";
import { Taps } from "./taps";

export const onFrame: Schedule = (run) => {
  requestAnimationFrame(run);
};

/** So many cards and wires are told in one frame; of more, all within so many frames (six times a second). */
const LEAST_A_FRAME = 20;
const MOST_FRAMES = 10;

/**
 * The newest live value of every node and edge. Frames are merged as they come; listeners of what changed
 * are woken once per animation frame, however many frames came in between, so 5,000 changes a second cost
 * one render per visible card and frame.
 */
export class LiveStore {
  /** Another number than before: there are new runs to ask for. */
  readonly runs = new Cell(0);
  /** Ports that people listen to, and what was heard. */
  readonly taps: Taps;
  /** Who else looks at this. */
  readonly presence = new Presence();
  /** Woken by node when a press of one of its buttons has ended, whoever pressed. */
  readonly controls = new KeyedListeners();
  private nodes = new Map<string, NodeLive>();
  private edges = new Map<string, EdgeLive>();
  private readonly dirty = new Set<string>();
  /** Changed and shown somewhere, and not told yet. */
  private readonly due = new Set<string>();
  private scheduled = false;
  private readonly keyed = new KeyedListeners();
  private readonly any = new Set<(changed: readonly string[]) => void>();

  constructor(private readonly schedule: Schedule = onFrame) {
    this.taps = new Taps(schedule);
  }

  node = (id: string): NodeLive | undefined => this.nodes.get(id);
  edge = (id: string): EdgeLive | undefined => this.edges.get(id);

  merge(frame: LiveFrame): void {
    if (frame.here) this.presence.merge(frame.here, frame.full);
    if (frame.runs !== undefined) this.runs.set(frame.runs);
    if (frame.full) {
      for (const id of [...this.nodes.keys(), ...this.edges.keys()]) this.dirty.add(id);
      this.nodes = new Map();
      this.edges = new Map();
    }
    for (const [id, delta] of Object.entries(frame.nodes)) {
      this.nodes.set(id, mergeNode(this.nodes.get(id), delta));
      this.dirty.add(id);
    }
    for (const [id, delta] of Object.entries(frame.edges)) {
      this.edges.set(id, { ...this.edges.get(id), ...delta });
      this.dirty.add(id);
    }
    if (this.dirty.size > 0 && !this.scheduled) {
      this.scheduled = true;
      this.schedule(this.flush);
    }
  }

  /** Woken when the live entry of this node or edge changed. */
  subscribe(id: string, listener: Listener): Unsubscribe {
    return this.keyed.subscribe(id, listener);
  }

  /** Woken once per frame in which anything changed, with the ids of it; for drawings of the whole flow. */
  subscribeAll = (listener: (changed: readonly string[]) => void): Unsubscribe => {
    this.any.add(listener);
    return () => this.any.delete(listener);
  };

  private readonly flush = (): void => {
    this.scheduled = false;
    const changed = [...this.dirty];
    this.dirty.clear();
    for (const id of changed) if (this.keyed.has(id)) this.due.add(id);
    if (changed.length > 0) for (const listener of [...this.any]) listener(changed);
    // What does not fit into this frame comes in the next ones, those that have waited longest first.
    const most = Math.max(LEAST_A_FRAME, Math.ceil(this.due.size / MOST_FRAMES));
    const now = [...this.due].slice(0, most);
    for (const id of now) this.due.delete(id);
    this.keyed.notify(now);
    if (this.due.size > 0 && !this.scheduled) {
      this.scheduled = true;
      this.schedule(this.flush);
    }
  };
}

function mergeNode(now: NodeLive | undefined, delta: NodeLive): NodeLive {
  if (!now) return delta;
  const merged = { ...now, ...delta };
  if (delta.stats) merged.stats = { ...now.stats, ...delta.stats };
  if (delta.last) merged.last = { ...now.last, ...delta.last };
  return merged;
}
