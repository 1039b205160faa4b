/** How the text of a control becomes a value, and back. */

import type { Parsed, Reading } from "../useTextDraft";
import type { Json, Resolved } from "../schema/types";

/** Text as it is; emptied, a field that may be null becomes null. */
export function textReading(schema: Resolved, multiline = false): Reading {
  return {
    format: (value) =>
      typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value),
    parse: (text) => ({ value: text === "" && schema.nullable ? null : text }),
    multiline,
  };
}

/** Numbers may be typed with spaces between groups; emptied, the field goes back to null or its default. */
export function numberReading(schema: Resolved): Reading {
  return {
    format: (value) =>
      value === undefined || value === null
        ? ""
        : typeof value === "number"
          ? String(value)
          : JSON.stringify(value),
    parse: (text) => parseNumber(text.replace(/[\s\u00a0\u202f_]/g, ""), schema),
  };
}

/** Any JSON; emptied, the field is removed. */
export const jsonReading: Reading = {
  format: (value) => (value === undefined ? "" : JSON.stringify(value, null, 2)),
  parse: (text) => {
    if (text.trim() === "") return { value: undefined };
    try {
      return { value: JSON.parse(text) as Json };
    } catch (error) {
      return { error: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
    }
  },
  multiline: true,
};

function parseNumber(text: string, schema: Resolved): Parsed {
  if (text === "") return { value: schema.nullable ? null : undefined };
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return { error: "Must be a number" };
  const value = Number(text);
  if (schema.type === "integer" && !Number.isInteger(value)) return { error: "Must be a whole number" };
  // Beyond this a browser would silently round what was typed.
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    return { error: "Too large to be kept exactly" };
  return { value };
}
