/** What is wrong in a form, by field: each row listens to its own. */

import type { Drafts } from "./draft/drafts";
import { isWithin, toPointer } from "./schema/pointer";
import type { FieldError } from "./schema/types";

const NONE: readonly FieldError[] = [];

/** Joins what the drafts say with what was found in the document as it stands. Wakes those whose complaints changed. */
export class Complaints {
  readonly #drafts: Drafts;
  readonly #form: string;
  /** By pointer. */
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #all = new Set<() => void>();
  #leave: (() => void) | null = null;
  #standing = NONE;
  #seen = -1;
  #found: ReadonlyMap<string, readonly FieldError[]> = new Map();

  /** `form` is the drafts' name of the form. */
  constructor(drafts: Drafts, form: string) {
    this.#drafts = drafts;
    this.#form = form;
  }

  /** Replaces what the validator, the server and the running node say about the document. */
  stand(errors: readonly FieldError[]): void {
    this.#standing = errors;
    this.#seen = -1;
    this.#look();
  }

  /** The complaints about one field; the same array until they change. */
  at(pointer: string): readonly FieldError[] {
    this.#look();
    return this.#found.get(pointer) ?? NONE;
  }

  /** True when something is wrong at one of the fields or below them. */
  isWrong(pointers: readonly string[]): boolean {
    this.#look();
    for (const place of this.#found.keys()) {
      if (pointers.some((pointer) => isWithin(place, pointer))) return true;
    }
    return false;
  }

  /** Calls back when the complaints about one field change. */
  subscribeTo(pointer: string, listener: () => void): () => void {
    const own = this.#listeners.get(pointer) ?? new Set();
    this.#listeners.set(pointer, own.add(listener));
    this.#attend();
    return () => {
      own.delete(listener);
      if (!own.size && this.#listeners.get(pointer) === own) this.#listeners.delete(pointer);
      this.#attend();
    };
  }

  /** Calls back when any complaint changes. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#all.add(listener);
    this.#attend();
    return () => {
      this.#all.delete(listener);
      this.#attend();
    };
  };

  /** Listens to the drafts as long as somebody listens here. */
  #attend(): void {
    const wanted = this.#listeners.size + this.#all.size > 0;
    if (wanted) this.#leave ??= this.#drafts.subscribe(() => this.#look());
    else {
      this.#leave?.();
      this.#leave = null;
    }
  }

  #look(): void {
    const version = this.#drafts.version();
    if (version === this.#seen) return;
    this.#seen = version;
    const before = this.#found;
    this.#found = group(this.#merged(), before);
    const changed = [...new Set([...before.keys(), ...this.#found.keys()])].filter(
      (pointer) => before.get(pointer) !== this.#found.get(pointer),
    );
    if (!changed.length) return;
    for (const pointer of changed) for (const listener of this.#listeners.get(pointer) ?? []) listener();
    for (const listener of this.#all) listener();
  }

  /**
   * A draft's complaints stand before, and instead of, those about what it replaces. What is said of a field from elsewhere goes with the first
   * key typed in it: if it went later, by the press on a button below, that button would move away from under the press.
   */
  #merged(): FieldError[] {
    const waiting = this.#drafts.of(this.#form);
    const pointers = (typing: boolean) =>
      waiting.filter(({ phase }) => (phase === "typing") === typing).map(({ path }) => toPointer(path));
    const typed = new Set(pointers(true));
    const replaced = pointers(false);
    const own = waiting.flatMap(({ path, errors }) =>
      errors.filter(({ pointer }) => !typed.has(pointer) || pointer === toPointer(path)),
    );
    const kept = this.#standing.filter(
      ({ pointer }) => !typed.has(pointer) && !replaced.some((place) => isWithin(pointer, place)),
    );
    return [...own, ...kept];
  }
}

/** By pointer, each said once; arrays that say the same as before are kept, so that their rows stay as they are. */
function group(
  errors: readonly FieldError[],
  before: ReadonlyMap<string, readonly FieldError[]>,
): Map<string, readonly FieldError[]> {
  const found = new Map<string, FieldError[]>();
  for (const error of errors) {
    const beside = found.get(error.pointer);
    if (!beside) found.set(error.pointer, [error]);
    else if (!beside.some(({ message }) => message === error.message)) beside.push(error);
  }
  const kept = new Map<string, readonly FieldError[]>();
  for (const [pointer, list] of found) {
    const old = before.get(pointer);
    kept.set(pointer, old && isSame(old, list) ? old : list);
  }
  return kept;
}

function isSame(a: readonly FieldError[], b: readonly FieldError[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, index) => one.message === b[index]?.message && one.level === b[index]?.level)
  );
}
