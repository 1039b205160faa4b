/** What is wrong in a form, by field: each row listens to its own. */

import type { Drafts } from "./draft/drafts";
import { isWithin, toPointer } from "./schema/pointer";
import type { FieldError } from "./schema/types";

const NONE: readonly FieldError[] = [];

/** Joins what the drafts say with what was found in the document as it stands. */
export class Complaints {
  readonly #drafts: Drafts;
  readonly #form: string;
  readonly #listeners = new Set<() => void>();
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
    for (const listener of this.#listeners) listener();
  }

  /** The complaints about one field; the same array until they change. */
  at(pointer: string): readonly FieldError[] {
    return this.#current().get(pointer) ?? NONE;
  }

  /** True when something is wrong at one of the fields or below them. */
  isWrong(pointers: readonly string[]): boolean {
    for (const place of this.#current().keys()) {
      if (pointers.some((pointer) => isWithin(place, pointer))) return true;
    }
    return false;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    const leave = this.#drafts.subscribe(listener);
    this.#listeners.add(listener);
    return () => {
      leave();
      this.#listeners.delete(listener);
    };
  };

  #current(): ReadonlyMap<string, readonly FieldError[]> {
    const version = this.#drafts.version();
    if (version !== this.#seen) {
      this.#seen = version;
      this.#found = group(this.#merged(), this.#found);
    }
    return this.#found;
  }

  /** A draft's complaints stand before, and instead of, those about what it replaces. */
  #merged(): FieldError[] {
    const waiting = this.#drafts.of(this.#form);
    const replaced = waiting.filter(({ phase }) => phase !== "typing").map(({ path }) => toPointer(path));
    const kept = this.#standing.filter(({ pointer }) => !replaced.some((place) => isWithin(pointer, place)));
    return [...waiting.flatMap(({ errors }) => errors), ...kept];
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
