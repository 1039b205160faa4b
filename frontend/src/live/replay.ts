import { createContext, useCallback, useContext, useSyncExternalStore, type ReactNode } from "react";
import { Cell, KeyedListeners, type Listener, type Unsubscribe } from "../core/store";

/** How a node or a wire stands in the run that is being replayed: it has the message now, had it, or failed with it. */
export type Lit = "lit" | "past" | "failed";

/** Nodes and wires that light up while one run is replayed on the canvas. Only those that change are drawn anew. */
export class Replay {
  /** Whether a run is being replayed: all that has no part in it stands back. */
  readonly on = new Cell(false);
  private lights: ReadonlyMap<string, Lit> = new Map();
  /** What stands on cards besides, by their nodes. */
  private marks: ReadonlyMap<string, ReactNode> = new Map();
  private readonly keyed = new KeyedListeners();
  private readonly any = new Set<Listener>();

  /** All that has a part in the run. */
  get all(): ReadonlyMap<string, Lit> {
    return this.lights;
  }

  of = (id: string): Lit | undefined => this.lights.get(id);

  markOf = (id: string): ReactNode => this.marks.get(id);

  subscribe(id: string, listener: Listener): Unsubscribe {
    return this.keyed.subscribe(id, listener);
  }

  /** Woken whenever anything stands differently; for drawings of the whole flow. */
  subscribeAll = (listener: Listener): Unsubscribe => {
    this.any.add(listener);
    return () => this.any.delete(listener);
  };

  show(lights: ReadonlyMap<string, Lit>, marks: ReadonlyMap<string, ReactNode> = new Map()): void {
    const [before, marked] = [this.lights, this.marks];
    [this.lights, this.marks] = [lights, marks];
    const ids = new Set([...before.keys(), ...lights.keys(), ...marked.keys(), ...marks.keys()]);
    const differs = (id: string): boolean =>
      before.get(id) !== lights.get(id) || marked.get(id) !== marks.get(id);
    this.keyed.notify([...ids].filter(differs));
    this.on.set(true);
    for (const listener of [...this.any]) listener();
  }

  end(): void {
    this.show(new Map());
    this.on.set(false);
    for (const listener of [...this.any]) listener();
  }
}

/** Of the whole page: one flow is open in it. */
const ReplayContext = createContext(new Replay());

export function useReplay(): Replay {
  return useContext(ReplayContext);
}

/** How this node or wire stands in the run that is being replayed; undefined outside it. */
export function useLit(id: string): Lit | undefined {
  const replay = useReplay();
  const subscribe = useCallback((listener: Listener) => replay.subscribe(id, listener), [replay, id]);
  return useSyncExternalStore(subscribe, () => replay.of(id));
}

/** What stands on this node's card besides, while a run is looked at. */
export function useReplayMark(id: string): ReactNode {
  const replay = useReplay();
  const subscribe = useCallback((listener: Listener) => replay.subscribe(id, listener), [replay, id]);
  return useSyncExternalStore(subscribe, () => replay.markOf(id));
}
