/** Where a field stands in the twelve columns of its form, as class names. */

import type { Resolved } from "./types";

/** What a module's `className` may ask for: names of the form's style sheet, so that no schema can put on the page's own. */
const LOOKS = new Set(["emphasis", "mono", "muted", "total", "warning"]);

export function placeOf(schema: Resolved, layout: "group" | "narrow" | undefined, wide: boolean): string {
  const span = wide ? 12 : columns(schema, layout);
  const align = schema.align === "center" || schema.align === "right" ? schema.align : "left";
  const looks = String(schema.className ?? "")
    .split(/\s+/)
    .filter((name) => LOOKS.has(name));
  return [`span-${span}`, `align-${align}`, ...looks.map((name) => `field--${name}`)].join(" ");
}

function columns(schema: Resolved, layout: "group" | "narrow" | undefined): number {
  const asked = schema.colSpan;
  if (typeof asked === "number" && Number.isInteger(asked) && asked >= 1 && asked <= 12) return asked;
  // A switch with a long sentence beside it needs the whole row.
  if (schema.type === "boolean" && (schema.description?.length ?? 0) > 32) return 12;
  return layout === "narrow" ? 6 : 12;
}
