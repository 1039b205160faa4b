/** An edit below something that the document leaves to its default has to bring that default along. */

import { getAt, setAt } from "./pointer";
import { propertySchema, resolve } from "./resolve";
import type { Json, Path, Resolved, Schema } from "./types";

export interface Edit {
  path: Path;
  value: Json | undefined;
}

/**
 * The same edit at the highest place that the document does not hold yet. With `{}` and a default of `[1, 2]` for `a`, the edit
 * `a/0 = 5` becomes `a = [5, 2]`: sent as it is, it would lose the 2.
 */
export function lift({ path, value }: Edit, document: Json | undefined, root: Schema): Edit {
  for (let length = 1; length < path.length; length += 1) {
    const above = path.slice(0, length);
    if (getAt(document, above) !== undefined) continue;
    const inForce = schemaFor(above, root)?.default;
    return { path: above, value: setAt(inForce, path.slice(length), value) };
  }
  return { path, value };
}

/** The schema of the field at `path`; undefined behind a choice of shapes or where nothing is declared. */
export function schemaFor(path: Path, root: Schema): Resolved | undefined {
  let current: Resolved | undefined = resolve(root, root);
  for (const step of path) current = current && propertySchema(current, step, root);
  return current;
}
