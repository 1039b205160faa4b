/** What people have typed and the flow does not hold yet: kept outside the components, so that nothing typed is lost. */

import { isWithin, toPointer } from "../schema/pointer";
import type { FieldError, Json, Path } from "../schema/types";

/**
 * - `typing`: the text is ahead of the value and will be sent shortly
 * - `unreadable`: the text is no value of the field's type (`errors` says why); it is not sent
 * - `held`: the value breaks a rule or was refused (`errors`); it stays here until it is mended or given up
 * - `checking`: the validator has been asked
 */
export type Phase = "typing" | "unreadable" | "held" | "checking";

export interface Draft {
  phase: Phase;
  path: Path;
  /** What stands in a text control, where there is one. */
  text?: string | undefined;
  /** The value (undefined: removal of the field); meaningless while typing or unreadable. */
  value?: Json | undefined;
  errors: readonly FieldError[];
  /** What the flow held when this was begun: whoever changes that meanwhile is met here. */
  base?: { readonly value: Json | undefined };
}

/** Drafts of all forms of the page together; the oldest gives way. */
const MAX_DRAFTS = 500;

export class Drafts {
  /** Keyed by form and pointer, oldest first. */
  readonly #drafts = new Map<string, Draft>();
  readonly #listeners = new Set<() => void>();
  /** Those of one field, keyed as its draft: a keystroke wakes these and no others. */
  readonly #own = new Map<string, Set<() => void>>();
  #version = 0;

  read(form: string, path: Path): Draft | undefined {
    return this.#drafts.get(key(form, path));
  }

  /** All drafts of a form, oldest first. */
  of(form: string): Draft[] {
    return [...this.#drafts].filter(([name]) => name.startsWith(key(form, []))).map(([, draft]) => draft);
  }

  /** Sets the draft of a field; one that goes on from another keeps what that was begun on. Returns it as it is kept. */
  write(form: string, draft: Draft): Draft {
    const name = key(form, draft.path);
    const base = this.#drafts.get(name)?.base ?? draft.base;
    const kept = base === undefined ? draft : { ...draft, base };
    this.#drafts.delete(name);
    this.#drafts.set(name, kept);
    const [oldest] = this.#drafts.keys();
    if (this.#drafts.size > MAX_DRAFTS && oldest !== undefined) {
      this.#drafts.delete(oldest);
      this.#changed(oldest);
    }
    this.#changed(name);
    return kept;
  }

  /** From now on the draft stands on `value`: its own edit came back, or the person has seen what came. */
  rebase(form: string, path: Path, value: Json | undefined): void {
    const name = key(form, path);
    const draft = this.#drafts.get(name);
    if (!draft) return;
    this.#drafts.set(name, { ...draft, base: { value } });
    this.#changed(name);
  }

  drop(form: string, path: Path): void {
    const name = key(form, path);
    if (this.#drafts.delete(name)) this.#changed(name);
  }

  /** Carries drafts below `parent` along when items move or keys are renamed; `place` gives the new step, null when it is gone. */
  rename(form: string, parent: Path, place: (step: string | number) => string | number | null): void {
    const below = this.#below(form, parent);
    for (const draft of below) this.drop(form, draft.path);
    for (const draft of below) {
      const step = place(draft.path[parent.length] ?? "");
      if (step === null) continue;
      this.write(form, { ...draft, path: [...parent, step, ...draft.path.slice(parent.length + 1)] });
    }
  }

  /** The draft above `path` that holds a whole structure back: edits inside it belong to it. */
  holder(form: string, path: Path): Draft | undefined {
    for (let length = 0; length < path.length; length += 1) {
      const draft = this.read(form, path.slice(0, length));
      if (draft?.phase === "held" || draft?.phase === "checking") return draft;
    }
    return undefined;
  }

  /** Calls back after every change of any form's drafts. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Calls back after every change of one field's draft. */
  subscribeTo(form: string, path: Path, listener: () => void): () => void {
    const name = key(form, path);
    const own = this.#own.get(name) ?? new Set();
    this.#own.set(name, own.add(listener));
    return () => {
      own.delete(listener);
      if (!own.size && this.#own.get(name) === own) this.#own.delete(name);
    };
  }

  /** Differs after every change: a snapshot for React. */
  readonly version = (): number => this.#version;

  #below(form: string, path: Path): Draft[] {
    const pointer = toPointer(path);
    return this.of(form).filter(
      (draft) => draft.path.length > path.length && isWithin(toPointer(draft.path), pointer),
    );
  }

  #changed(name: string): void {
    this.#version += 1;
    for (const listener of this.#own.get(name) ?? []) listener();
    for (const listener of this.#listeners) listener();
  }
}

function key(form: string, path: Path): string {
  return `${form}\n${toPointer(path)}`;
}
