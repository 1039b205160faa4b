/** Small observable values: the seam between framework-free state and whoever draws it. */

export type Unsubscribe = () => void;
export type Listener = () => void;

/** Something that can be read now and watched for its next value. */
export interface Readable<T> {
  get(): T;
  subscribe(listener: Listener): Unsubscribe;
}

/** One value. Setting an identical value tells nobody. */
export class Cell<T> implements Readable<T> {
  private readonly listeners = new Set<Listener>();

  constructor(private value: T) {}

  get = (): T => this.value;

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const listener of [...this.listeners]) listener();
  }

  subscribe = (listener: Listener): Unsubscribe => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

/** Listeners by key, so that one node's change wakes one card and costs the same in any flow. */
export class KeyedListeners {
  private readonly byKey = new Map<string, Set<Listener>>();

  subscribe(key: string, listener: Listener): Unsubscribe {
    let listeners = this.byKey.get(key);
    if (!listeners) this.byKey.set(key, (listeners = new Set()));
    listeners.add(listener);
    const mine = listeners;
    return () => {
      mine.delete(listener);
      if (mine.size === 0 && this.byKey.get(key) === mine) this.byKey.delete(key);
    };
  }

  has(key: string): boolean {
    return this.byKey.has(key);
  }

  notify(keys: Iterable<string>): void {
    for (const key of keys) {
      const listeners = this.byKey.get(key);
      if (listeners) for (const listener of [...listeners]) listener();
    }
  }
}
