/** Paths, JSON pointers (RFC 6901) and reads and writes along them that leave the document as it is. */

import { getAt as read, setAt as write } from "../../core/json";
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

/** The value at `path`; undefined where there is none. */
export function getAt(value: Json | undefined, path: Path): Json | undefined {
  return value === undefined ? undefined : read(value, path);
}

/** A copy with `next` at `path` (undefined removes it); what is missing on the way is made. */
export function setAt(value: Json | undefined, path: Path, next: Json | undefined): Json | undefined {
  return path.length ? write(value ?? null, path, next) : next;
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
