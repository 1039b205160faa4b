import { count } from "../core/format";
import type { Json } from "../core/types";
import type { Diff, DiffField, DiffKind, Point } from "./types";

export const KINDS: Record<DiffKind, string> = { group: "Group", node: "Node", edge: "Wire", note: "Note" };

/** `settings.rules[2].name`. */
export function pathText({ path }: DiffField): string {
  return path
    .map((step, at) => (typeof step === "number" ? `[${String(step)}]` : at === 0 ? step : `.${step}`))
    .join("");
}

/** A value as it may stand in one line, or several where it is a text of several. */
export function valueText(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  return typeof value === "string" ? value || "empty text" : JSON.stringify(value);
}

export function countsText({ counts, items, left }: Diff): string {
  if (items.length + left === 0) return "There is no difference";
  const named = (["added", "removed", "changed", "moved"] as const).filter((name) => counts[name] > 0);
  return named.map((name) => `${counts[name].toLocaleString("en")} ${name}`).join(", ");
}

export function pointText({ changes, by }: Point): string {
  return `${count(changes, "change")} by ${by.name}`;
}

const TODAY = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const BEFORE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** The time of a day that is today's, else with its date. */
export function whenText(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  return (date.toDateString() === new Date().toDateString() ? TODAY : BEFORE).format(date);
}
