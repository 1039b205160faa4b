import { useMemo, useState } from "react";

import type { JsonObject } from "../../core/types";
import type { FormTarget } from "../../forms/draft/submit";
import { setAt } from "../../forms/schema/pointer";
import { isObject, type Schema } from "../../forms/schema/types";
import { validator } from "../../forms/validator/client";
import { drafts } from "../drafts";

/** What was typed into control panels, by node; the oldest gives way. */
const filled = new Map<string, JsonObject>();
const MAX_FILLED = 100;

interface ControlTarget {
  target: FormTarget;
  /** What goes along with the next press. */
  value: JsonObject;
}

/** Fields that are sent together with a button: they belong to this page until one is pressed. */
export function useControlTarget(node: string, schema: Schema): ControlTarget {
  const [, render] = useState(0);
  const target = useMemo((): FormTarget => {
    const key = `control:${node}`;
    const document = () => filled.get(node) ?? {};
    return {
      key,
      drafts,
      document,
      check: (value, topic) => validator.check(`${key}#${topic}`, schema, value ?? {}),
      send: async (path, value) => {
        const next = setAt(document(), path, value);
        filled.delete(node);
        filled.set(node, isObject(next) ? next : {});
        const [oldest] = filled.keys();
        if (filled.size > MAX_FILLED && oldest !== undefined) filled.delete(oldest);
        render((count) => count + 1);
        return Promise.resolve([]);
      },
    };
  }, [node, schema]);
  return { target, value: filled.get(node) ?? {} };
}
