import type { Draft } from "../forms/draft/drafts";
import { complete, isUnfinished } from "../forms/expressions/text";
import { lift, schemaFor } from "../forms/schema/lift";
import { setAt } from "../forms/schema/pointer";
import { typeOf } from "../forms/schema/resolve";
import { isObject, type Json, type JsonObject, type Schema } from "../forms/schema/types";

/** The mapping with what is being typed in it, so that a preview need not wait until it is sent. */
export function draftMapping(mapping: JsonObject, drafts: readonly Draft[], schema: Schema): JsonObject {
  let now: Json = mapping;
  for (const draft of drafts) {
    const typed = valueOf(draft, schema);
    if (!typed) continue;
    const { path, value } = lift({ path: draft.path, value: typed.value }, now, schema);
    now = setAt(now, path, value) ?? {};
  }
  return isObject(now) ? now : mapping;
}

/** Undefined where what stands in the field means nothing yet: then what was there before still counts. */
function valueOf(
  { phase, path, text = "", value }: Draft,
  schema: Schema,
): { value: Json | undefined } | undefined {
  if (phase === "checking" || phase === "held") return { value };
  if (isUnfinished(text)) return undefined;
  const meant = complete(text);
  if (meant.includes("{{")) return { value: meant };
  switch (typeOf(schemaFor(path, schema) ?? {})) {
    case "string":
      return { value: text === "" ? undefined : text };
    case "integer":
    case "number":
      return text.trim() !== "" && Number.isFinite(Number(text)) ? { value: Number(text) } : undefined;
    default:
      return undefined;
  }
}
