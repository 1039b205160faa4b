/** Values of a running node beside a form: they change many times a second, and each row listens to its own. */

import { equal, getAt } from "./schema/pointer";
import type { Json, Path } from "./schema/types";

export class LiveValues {
  readonly #listeners = new Set<() => void>();
  #values: Json | undefined;

  constructor(values: Json | undefined) {
    this.#values = values;
  }

  /** Replaces them all. */
  show(values: Json | undefined): void {
    if (equal(values, this.#values)) return;
    this.#values = values;
    for (const listener of this.#listeners) listener();
  }

  at(path: Path): Json | undefined {
    return getAt(this.#values, path);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}
