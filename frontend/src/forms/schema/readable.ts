/** Values as a person reads them; the width of a number changes as little as its digits do. */

import type { Json, Resolved } from "./types";
import { choicesOf } from "./kinds";
import { equal } from "./pointer";

const numbers = new Intl.NumberFormat("en", { maximumFractionDigits: 6 });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" });
const time = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

export function readable(value: Json | undefined, schema: Resolved): string {
  if (value === undefined || value === null || value === "") return "–";
  const option = choicesOf(schema).find((choice) => equal(choice.value, value));
  if (option) return option.title;
  switch (typeof value) {
    case "number":
      return numbers.format(value).replace(/,/g, "\u00a0");
    case "boolean":
      return value ? "Yes" : "No";
    case "string":
      return schema.format === "date-time" ? readableMoment(value) : value;
    default:
      return JSON.stringify(value);
  }
}

/** Today's moments without their date. */
function readableMoment(text: string): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return text;
  return at.toDateString() === new Date().toDateString() ? time.format(at) : moment.format(at);
}
