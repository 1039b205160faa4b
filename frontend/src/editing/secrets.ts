import { isObject } from "../core/json";
import type { Json, JsonObject, Schema } from "../core/types";

const REFERENCE = /^\[\[secret:[^[\]/]+\/[^[\]/]+\]\]$/;
/** Names that give a secret away where no schema says it: the rule of docs/protocols.md for values on show. */
const TELLING =
  /pass(word|wd|phrase)?$|secret|token$|api[-_]?key|private[-_]?key|authorization|cookie|credential|signature$/i;
/** Ways to one value through unions and references; more says the same again. */
const MAX_FORMS = 64;
const MAX_DEPTH = 100;

export interface Cleaned {
  readonly value: JsonObject;
  readonly removed: number;
}

/**
 * A copy without secrets: what the schema marks as one, and any text under a name like `password`. References
 * `[[secret:name/key]]` and expressions are no secrets and stay. What holds none is shared, not copied.
 */
export function withoutSecrets(schema: Schema | null, value: JsonObject): Cleaned {
  const cleaner = new Cleaner(schema ?? {});
  const clean = cleaner.object(cleaner.forms([schema ?? {}]), value, 0);
  return { value: clean, removed: cleaner.removed };
}

class Cleaner {
  removed = 0;

  constructor(private readonly root: Schema) {}

  object(forms: readonly Schema[], value: JsonObject, depth: number): JsonObject {
    const entries = Object.entries(value).flatMap(([key, item]): [string, Json][] => {
      const below = this.forms(forms.map((form) => property(form, key)));
      if (isSecret(below, key, item)) {
        this.removed++;
        return [];
      }
      return [[key, this.value(below, item, depth + 1)]];
    });
    const same =
      entries.length === Object.keys(value).length && entries.every(([key, item]) => value[key] === item);
    return same ? value : Object.fromEntries(entries);
  }

  /** The schema with all it may stand for: references followed, unions laid side by side. */
  forms(schemas: readonly (Json | undefined)[]): Schema[] {
    const found: Schema[] = [];
    const waiting = [...schemas];
    const seen = new Set<unknown>();
    for (let next = waiting.shift(); found.length < MAX_FORMS; next = waiting.shift()) {
      if (next === undefined && waiting.length === 0) break;
      if (!isObject(next) || seen.has(next)) continue;
      seen.add(next);
      found.push(next);
      const { $ref } = next;
      if (typeof $ref === "string") waiting.push(this.definition($ref));
      for (const word of ["anyOf", "oneOf", "allOf"]) {
        const branches = next[word];
        if (Array.isArray(branches)) waiting.push(...branches);
      }
    }
    return found;
  }

  private value(forms: readonly Schema[], value: Json, depth: number): Json {
    if (depth > MAX_DEPTH) return value;
    if (isObject(value)) return this.object(forms, value, depth);
    if (!Array.isArray(value)) return value;
    const below = this.forms(forms.map((form) => form["items"]));
    const items = value.map((item) => {
      if (!isSecret(below, "", item)) return this.value(below, item, depth + 1);
      this.removed++;
      // An empty text keeps the places of the items behind it.
      return "";
    });
    return items.every((item, index) => item === value[index]) ? value : items;
  }

  private definition(reference: string): Json | undefined {
    if (!reference.startsWith("#/")) return undefined;
    let found: Json | undefined = this.root;
    for (const step of reference.slice(2).split("/")) {
      const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
      found = isObject(found) ? found[key] : undefined;
    }
    return found;
  }
}

function property(form: Schema, key: string): Json | undefined {
  const { properties } = form;
  if (isObject(properties) && Object.hasOwn(properties, key)) return properties[key];
  return form["additionalProperties"];
}

function isSecret(forms: readonly Schema[], name: string, value: Json): boolean {
  if (value === null || value === "") return false;
  if (typeof value === "string" && (REFERENCE.test(value) || /\{\{.*?\}\}/s.test(value))) return false;
  const marked = forms.some(
    (form) => form["secret"] === true || form["writeOnly"] === true || form["format"] === "password",
  );
  return marked || (typeof value === "string" && TELLING.test(name));
}
