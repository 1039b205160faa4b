import type { Listener, Readable, Unsubscribe } from "../core/store";
import type { TapRow } from "../core/types";
import type { Schedule } from "./schedule";

/** Rows that are kept; older ones go. */
export const ROW_LIMIT = 1_000;
/** Rows that somebody has put aside. */
export const PIN_LIMIT = 50;

export interface DebugRow extends TapRow {
  /** Counts up from 1. */
  readonly number: number;
}

export interface DebugView {
  /** Oldest first. */
  readonly rows: readonly DebugRow[];
  readonly pinned: readonly DebugRow[];
  readonly paused: boolean;
  /** Came while it was paused, and shows when it goes on. */
  readonly held: number;
  /** Came faster than they could be sent, so nobody has them. */
  readonly lost: number;
}

const EMPTY: DebugView = { rows: [], pinned: [], paused: false, held: 0, lost: 0 };

/** The newest messages of the ports that are listened to. Listeners are woken once per animation frame. */
export class DebugLog implements Readable<DebugView> {
  private view = EMPTY;
  private fresh: DebugRow[] = [];
  private last = 0;
  private lost = 0;
  private scheduled = false;
  private readonly listeners = new Set<Listener>();

  constructor(private readonly schedule: Schedule) {}

  get = (): DebugView => this.view;

  subscribe = (listener: Listener): Unsubscribe => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  add(rows: readonly TapRow[], lost: number): void {
    for (const row of rows) this.fresh.push({ ...row, number: (this.last += 1) });
    if (this.fresh.length > 2 * ROW_LIMIT) this.fresh = this.fresh.slice(-ROW_LIMIT);
    this.lost += lost;
    if (this.scheduled) return;
    this.scheduled = true;
    this.schedule(() => {
      this.scheduled = false;
      this.take();
    });
  }

  /** Paused, what is shown stands still; what comes meanwhile is kept as far as there is room. */
  pause(paused: boolean): void {
    this.view = { ...this.view, paused };
    this.take();
  }

  /** Pinned rows stay whatever comes, until they are let go. */
  pin(row: DebugRow, pinned: boolean): void {
    const others = this.view.pinned.filter(({ number }) => number !== row.number);
    this.set({ ...this.view, pinned: pinned ? [...others, row].slice(-PIN_LIMIT) : others });
  }

  clear(): void {
    this.fresh = [];
    this.lost = 0;
    this.set({ ...EMPTY, paused: this.view.paused, pinned: this.view.pinned });
  }

  private take(): void {
    const { lost } = this;
    if (this.view.paused) {
      this.set({ ...this.view, held: Math.min(this.fresh.length, ROW_LIMIT), lost });
      return;
    }
    const rows =
      this.fresh.length > 0 ? [...this.view.rows, ...this.fresh].slice(-ROW_LIMIT) : this.view.rows;
    this.fresh = [];
    this.set({ ...this.view, rows, held: 0, lost });
  }

  private set(view: DebugView): void {
    this.view = view;
    for (const listener of [...this.listeners]) listener();
  }
}
