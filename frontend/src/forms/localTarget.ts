/** A document that belongs to the page until somebody does something with it as a whole. */

import { Drafts } from "./draft/drafts";
import type { FormTarget } from "./draft/submit";
import { setAt } from "./schema/pointer";
import type { Json, Path, Schema } from "./schema/types";
import { validator, type ValidatorClient } from "./validator/client";

/** Longer than a pause in typing and the validator's answer together; milliseconds. */
const PATIENCE = 3_000;

export class LocalTarget implements FormTarget {
  readonly key: string;
  readonly drafts = new Drafts();
  readonly #schema: Schema;
  readonly #checker: Pick<ValidatorClient, "check">;
  readonly #listeners = new Set<() => void>();
  #document: Json | undefined;

  constructor(
    key: string,
    schema: Schema,
    document: Json | undefined,
    checker: Pick<ValidatorClient, "check"> = validator,
  ) {
    this.key = key;
    this.#schema = schema;
    this.#document = document;
    this.#checker = checker;
  }

  readonly document = (): Json | undefined => this.#document;

  check = (document: Json | undefined, topic: string) =>
    this.#checker.check(`${this.key}#${topic}`, this.#schema, document ?? null);

  send = (path: Path, value: Json | undefined) => {
    this.replace(setAt(this.#document, path, value));
    return Promise.resolve([]);
  };

  /** False when something was typed that does not fit; asked once what is being checked has its answer. */
  async isWhole(): Promise<boolean> {
    const moving = () =>
      this.drafts.of(this.key).some(({ phase }) => phase === "typing" || phase === "checking");
    if (moving()) {
      await new Promise<void>((resolve) => {
        const finish = () => {
          clearTimeout(timer);
          stop();
          resolve();
        };
        const timer = setTimeout(finish, PATIENCE);
        const stop = this.drafts.subscribe(() => !moving() && finish());
      });
    }
    return this.drafts.of(this.key).length === 0;
  }

  replace(document: Json | undefined): void {
    this.#document = document;
    for (const listener of this.#listeners) listener();
  }

  /** Calls back after every change of the document. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}
