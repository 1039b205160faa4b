import type { Listener, Readable, Unsubscribe } from "../core/store";
import { useOpenFlow, type OpenFlow } from "../live/context";
import { useReadable } from "../live/hooks";
import { keepSame, type Found } from "./findProblems";
import { TroubleIndex } from "./troubleIndex";

/** The list is for reading: it is looked for this often at most, however fast live values come. */
const EVERY_MS = 500;

/** One look for all who show it, and only while somebody does. */
class Problems implements Readable<Found> {
  private found: Found;
  private readonly index: TroubleIndex;
  /** Changed since the last look; null: everything may have. */
  private touched: Set<string> | null = new Set();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stops: Unsubscribe[] = [];
  private readonly listeners = new Set<Listener>();

  constructor(private readonly flow: OpenFlow) {
    this.index = new TroubleIndex(flow);
    this.found = this.index.found();
  }

  get = (): Found => this.found;

  subscribe = (listener: Listener): Unsubscribe => {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.start();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.stop();
    };
  };

  private start(): void {
    const { editor, live, checks } = this.flow;
    this.stops = [
      live.subscribeAll(this.wake),
      checks.subscribeAll(this.wake),
      editor.subscribe(this.wake),
      editor.catalogue.subscribe(this.wakeAll),
    ];
    // Nobody followed what came before.
    this.wakeAll();
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const stop of this.stops) stop();
    this.stops = [];
  }

  private readonly wakeAll = (): void => {
    this.touched = null;
    this.wake([]);
  };

  private readonly wake = (ids: Iterable<string>): void => {
    if (this.touched) for (const id of ids) this.touched.add(id);
    this.timer ??= setTimeout(this.look, EVERY_MS);
  };

  private readonly look = (): void => {
    this.timer = undefined;
    const { touched } = this;
    this.touched = new Set();
    if (!touched) this.index.refresh();
    else if (!this.index.update(touched)) return;
    const before = this.found;
    this.found = keepSame(before, this.index.found());
    if (this.found !== before) for (const listener of [...this.listeners]) listener();
  };
}

const OF_FLOW = new WeakMap<OpenFlow, Problems>();

function problemsOf(flow: OpenFlow): Problems {
  const known = OF_FLOW.get(flow);
  if (known) return known;
  const made = new Problems(flow);
  OF_FLOW.set(flow, made);
  return made;
}

/** What is wrong anywhere in the flow, as of half a second ago at most. */
export function useProblems(): Found {
  return useReadable(problemsOf(useOpenFlow()));
}
