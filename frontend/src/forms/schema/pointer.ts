/** Paths, JSON pointers (RFC 6901) and immutable reads and writes along them. */

import { isObject, type Json, type Path } from "./types";

export function toPointer(path: Path): string {
  return path.map((step) => "/" + String(step).replace(/~/g, "~0").replace(/\//g, "~1")).join("");
}

/** `/a/0` -> ["a", "0"]; a leading `#` (URI fragment form) is taken off. */
export function fromPointer(pointer: string): string[] {
  const plain = pointer.startsWith("#") ? decodeFragment(pointer.slice(1)) : pointer;
  if (plain === "") return [];
  return plain
    .replace(/^\//, "")
    .split("/")
    .map((step) => step.replace(/~1/g, "/").replace(/~0/g, "~"));
}

/** True when `pointer` is `ancestor` or lies below it. */
export function isWithin(pointer: string, ancestor: string): boolean {
  return pointer === ancestor || pointer.startsWith(ancestor + "/");
}

export function getAt(value: Json | undefined, path: Path): Json | undefined {
  let current = value;
  for (const step of path) {
    if (Array.isArray(current)) current = current[Number(step)];
    else if (isObject(current) && Object.hasOwn(current, step)) current = current[step];
    else return undefined;
  }
  return current;
}

/** A copy with `next` at `path` (undefined removes it); what is missing on the way is made. */
export function setAt(value: Json | undefined, path: Path, next: Json | undefined): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return next;
  if (typeof step === "number" || (Array.isArray(value) && /^\d+$/.test(step))) {
    const list = Array.isArray(value) ? [...value] : [];
    const index = Number(step);
    const inner = setAt(list[index], rest, next);
    if (inner === undefined) list.splice(index, 1);
    else list[index] = inner;
    return list;
  }
  const inner = setAt(getAt(value, [step]), rest, next);
  const entries = isObject(value) ? Object.entries(value).filter(([key]) => key !== step) : [];
  if (inner === undefined) return Object.fromEntries(entries);
  // A changed key keeps its place: maps are read by people in the order they wrote them.
  if (isObject(value) && Object.hasOwn(value, step)) {
    return Object.fromEntries(Object.entries(value).map(([key, old]) => [key, key === step ? inner : old]));
  }
  return Object.fromEntries([...entries, [step, inner]]);
}

export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => equal(item, b[index]));
  }
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]))
    );
  }
  return false;
}

function decodeFragment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
