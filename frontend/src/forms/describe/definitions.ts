/** The definitions of a node that its component leaves to people. */

import { isOpen } from "../../core/schema";
import type { LoadedNode, Port } from "../../core/types";
import { isObject, type JsonObject } from "../schema/types";

export interface Definition {
  /** Identity (`x-id`), the same on all ports of the node. */
  id: string;
  /** The port on which it is said. */
  port: string;
  title: string;
  /** What people have said; undefined: nothing. */
  said: JsonObject | undefined;
}

/** Each once, in the order of the ports. Those that the component itself describes are not among them. */
export function definitionsOf(node: LoadedNode, ports: readonly Port[]): Definition[] {
  const found = new Map<string, Definition>();
  for (const port of ports) {
    const defined = isObject(port.schema) ? port.schema["$defs"] : undefined;
    if (port.name.startsWith("_") || !isObject(defined)) continue;
    for (const [key, definition] of Object.entries(defined)) {
      if (!isObject(definition) || definition["configurable"] !== true) continue;
      const id = definition["x-id"];
      if (typeof id !== "string") continue;
      const said = node.schemas?.[port.name]?.[id];
      const before = found.get(id);
      if (before) {
        if (said && !before.said) found.set(id, { ...before, port: port.name, said });
      } else if (said || isOpen(definition)) {
        const title = typeof definition["title"] === "string" ? definition["title"] : key;
        found.set(id, { id, port: port.name, title, said });
      }
    }
  }
  return [...found.values()];
}
