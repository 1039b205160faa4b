/** What the target would get, line by line, with what is wrong at each. */

import { isObject, type Json } from "../forms/schema/types";
import type { Preview } from "../core/mappingTypes";

export interface ResultRow {
  pointer: string;
  name: string;
  depth: number;
  /** Of what is neither object nor list, or is empty, as JSON. */
  text: string;
  kind: "object" | "list" | "text" | "number" | "word" | "failed";
  /** What is said of this place; the worst first. */
  level: "invalid" | "unverifiable" | "warning" | null;
  why: string;
}

export const MAX_ROWS = 400;
const MAX_TEXT = 400;
const ORDER = { invalid: 0, unverifiable: 1, warning: 2 };

export function resultRows({ value, failed, findings }: Preview): { rows: ResultRow[]; more: boolean } {
  const rows: ResultRow[] = [];
  let more = false;
  const walk = (part: Json, pointer: string, name: string, depth: number): void => {
    if (rows.length >= MAX_ROWS) {
      more = true;
      return;
    }
    const inside: [string, Json][] = Array.isArray(part)
      ? part.map((item, index) => [String(index), item])
      : isObject(part)
        ? Object.entries(part)
        : [];
    const about = findings
      .filter(({ field }) => field === pointer)
      .sort((one, other) => ORDER[one.level] - ORDER[other.level]);
    const reason = failed[pointer];
    rows.push({
      pointer,
      name,
      depth,
      text: reason !== undefined ? "not worked out" : inside.length > 0 ? "" : short(part),
      kind: reason !== undefined ? "failed" : kindOf(part),
      level: about[0]?.level ?? (reason !== undefined ? "invalid" : null),
      why: [
        ...new Set([...about.map(({ message }) => message), ...(about.length || !reason ? [] : [reason])]),
      ].join("; "),
    });
    for (const [step, item] of inside) {
      const below = `${pointer}/${step.replace(/~/g, "~0").replace(/\//g, "~1")}`;
      walk(item, below, step, depth + 1);
    }
  };
  const fields = isObject(value) ? Object.entries(value) : [];
  const top: [string, Json][] = fields.length > 0 ? fields : [["", value]];
  for (const [name, part] of top) walk(part, name === "" ? "" : `/${escaped(name)}`, name, 0);
  return { rows, more };
}

/** Findings that have no row of their own: fields that are missing, and what is said of the whole. */
export function unplaced({ findings }: Preview, rows: readonly ResultRow[]): Preview["findings"] {
  return findings.filter(({ field }) => !rows.some(({ pointer }) => pointer === field));
}

function kindOf(value: Json): ResultRow["kind"] {
  if (Array.isArray(value)) return "list";
  if (isObject(value)) return "object";
  if (typeof value === "string") return "text";
  return typeof value === "number" ? "number" : "word";
}

function short(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

function escaped(name: string): string {
  return name.replace(/~/g, "~0").replace(/\//g, "~1");
}
