import { Cell } from "../core/store";

/** Short lists that this browser remembers: what was used last, what a person likes. */
export class Remembered {
  readonly list: Cell<readonly string[]>;

  constructor(
    private readonly key: string,
    private readonly max: number,
  ) {
    this.list = new Cell(read(key, max));
  }

  /** Puts an item first. */
  put(item: string): void {
    this.save([item, ...this.list.get().filter((other) => other !== item)]);
  }

  /** Takes an item out, or puts it last. */
  toggle(item: string): void {
    const others = this.list.get().filter((other) => other !== item);
    this.save(others.length < this.list.get().length ? others : [...others, item]);
  }

  private save(items: readonly string[]): void {
    const kept = items.slice(0, this.max);
    this.list.set(kept);
    try {
      localStorage.setItem(this.key, JSON.stringify(kept));
    } catch {
      // A browser without room, or one that keeps nothing: the list lasts as long as the page.
    }
  }
}

function read(key: string, max: number): readonly string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(value) ? value.filter((item) => typeof item === "string").slice(0, max) : [];
  } catch {
    return [];
  }
}
