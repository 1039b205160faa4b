import type { Json } from "../core/types";
import { Drafts } from "../forms/draft/drafts";
import type { FormTarget } from "../forms/draft/submit";
import { setAt, toPointer } from "../forms/schema/pointer";
import type { Schema } from "../forms/schema/types";
import { validator, type ValidatorClient } from "../forms/validator/client";

/** What was typed into messages of tests and does not stand in them yet; outlives the panel. */
const drafts = new Drafts();

/** Binds a form to one message of a test: each edit is kept at once, as settings are. */
export function messageTarget(
  key: string,
  schema: Schema,
  read: () => Json | undefined,
  write: (message: Json) => Promise<void>,
  checker: Pick<ValidatorClient, "check"> = validator,
): FormTarget {
  return {
    key,
    drafts,
    document: read,
    check: (message, topic) => checker.check(`${key}#${topic}`, schema, message ?? null),
    send: async (path, value) => {
      try {
        await write(setAt(read(), path, value) ?? null);
        return [];
      } catch (error) {
        const message = error instanceof Error ? error.message : "The edit could not be kept.";
        return [{ pointer: toPointer(path), message }];
      }
    },
  };
}

/**
 * The schema of a port for a message that people write down: fields that are readonly in a panel may be written, and in
 * a `partial` one none is required.
 */
export function written(schema: Schema, partial: boolean): Schema {
  const left = new Set(["readonly", "readOnly", ...(partial ? ["required"] : [])]);
  return JSON.parse(
    // A field may be called so, too: what is left out is a keyword's list or a mark, never a schema.
    JSON.stringify(schema, (key, value: unknown) =>
      left.has(key) && (Array.isArray(value) || typeof value === "boolean") ? undefined : value,
    ),
  ) as Schema;
}
