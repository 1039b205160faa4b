/** What an expression's list offers, and what taking one of it makes of the text. */

import type { Resolved } from "../schema/types";
import { fits, lookUp, sourceFields, type SourceField } from "./sources";
import { pureExpression } from "./text";
import type { Expressions, Offer } from "./types";

const MAX_LOCAL = 8;

export interface Taken {
  text: string;
  cursor: number;
}

/** The text with the offer in it. What is no expression yet becomes one. */
export function take({ insert, start, end }: Offer, text: string): Taken {
  const before = text.slice(0, start);
  const rest = text.slice(end);
  if (before.includes("{{") || insert.includes("{{")) {
    return { text: before + insert + rest, cursor: before.length + insert.length };
  }
  const inside = (before + insert).trimStart();
  const after = rest.trimEnd();
  return { text: `{{ ${inside}${after} }}`, cursor: 3 + inside.length };
}

/** Fields of the source by name alone, those that fit the target first: where no server completes. */
export function localOffers({ source, root }: Expressions, target: Resolved, text: string): Offer[] {
  const fields = sourceFields(source, root);
  return matching(
    sortByFit(fields, ({ path }) => path, { source, root, target }),
    text,
  )
    .slice(0, MAX_LOCAL)
    .map(({ path, label, type }) => ({
      kind: "field",
      label: path,
      insert: `{{ ${path} }}`,
      start: 0,
      end: text.length,
      detail: type,
      doc: label,
    }));
}

/** To begin with, fields that fit the target come before those that do not. */
export function ranked(offers: readonly Offer[], expressions: Expressions, target: Resolved): Offer[] {
  const { source, root } = expressions;
  const isField = ({ kind, insert }: Offer) => kind === "field" && insert.startsWith("$");
  const fields = offers.filter(isField);
  const others = offers.filter((offer) => !isField(offer));
  return [...sortByFit(fields, ({ insert }) => insert, { source, root, target }), ...others];
}

interface Ends extends Pick<Expressions, "source" | "root"> {
  target: Resolved;
}

function sortByFit<T>(items: readonly T[], pathOf: (item: T) => string, { source, root, target }: Ends): T[] {
  const suits = (item: T) => {
    const found = lookUp(pathOf(item), source, root);
    return typeof found === "object" && fits(found.schema, target) ? 0 : 1;
  };
  return [...items].sort((a, b) => suits(a) - suits(b));
}

/** Fields whose path or label holds what was typed after the last `{{` or `$`; all of them for a finished expression. */
function matching(fields: SourceField[], text: string): SourceField[] {
  const typed = (pureExpression(text) ?? text.replace(/^.*\{\{/s, ""))
    .replace(/^[\s$.]+|[\s}]+$/g, "")
    .toLowerCase();
  const exact = fields.some(({ path }) => path.toLowerCase() === `$.${typed}`);
  return exact
    ? fields
    : fields.filter(
        ({ path, label }) => path.toLowerCase().includes(typed) || label.toLowerCase().includes(typed),
      );
}
