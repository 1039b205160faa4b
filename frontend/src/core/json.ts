import type { Json, JsonObject, Path } from "./types";

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function getAt(root: Json, path: Path): Json | undefined {
  let value: Json | undefined = root;
  for (const step of path) {
    if (Array.isArray(value)) value = typeof step === "number" ? value[step] : undefined;
    else if (isObject(value)) value = Object.hasOwn(value, step) ? value[step] : undefined;
    else return undefined;
  }
  return value;
}

/**
 * A copy with the value at `path` replaced, or removed when `value` is undefined; what lies beside the path
 * is shared. Missing steps become objects, or arrays where the step after them is a number.
 */
export function setAt(root: Json, path: Path, value: Json | undefined): Json {
  const [step, ...rest] = path;
  if (step === undefined) return value ?? {};
  if (typeof step === "number") return setIndex(Array.isArray(root) ? root : [], step, rest, value);
  const copy = isObject(root) ? { ...root } : {};
  if (rest.length === 0 && value === undefined) {
    Reflect.deleteProperty(copy, step);
    return copy;
  }
  const below = Object.hasOwn(copy, step) ? copy[step] : undefined;
  const next = rest.length === 0 ? (value as Json) : setAt(below ?? blankFor(rest), rest, value);
  // `__proto__` is an ordinary key of a document, never the object's prototype.
  Object.defineProperty(copy, step, { value: next, enumerable: true, configurable: true, writable: true });
  return copy;
}

function setIndex(list: Json[], index: number, rest: Path, value: Json | undefined): Json[] {
  const copy = [...list];
  if (rest.length === 0 && value === undefined) copy.splice(index, 1);
  else copy[index] = rest.length === 0 ? (value as Json) : setAt(copy[index] ?? blankFor(rest), rest, value);
  return copy;
}

function blankFor(path: Path): Json {
  return typeof path[0] === "number" ? [] : {};
}
