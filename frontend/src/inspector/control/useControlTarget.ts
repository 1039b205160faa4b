import { useMemo, useState } from "react";

import type { JsonObject } from "../../core/types";
import type { Phase } from "../../forms/draft/drafts";
import type { FormTarget } from "../../forms/draft/submit";
import { setAt } from "../../forms/schema/pointer";
import { isObject, type Schema } from "../../forms/schema/types";
import { validator } from "../../forms/validator/client";
import { drafts } from "../drafts";

/** What was typed into control panels, by node; the oldest gives way. */
const filled = new Map<string, JsonObject>();
const MAX_FILLED = 100;

/** How long a press waits for what was typed just before it; milliseconds. */
const SETTLE_MS = 2_000;

export interface Filled {
  /** What goes along with a press now. */
  data: () => JsonObject;
  /** Whether something was typed that cannot go along as it stands. */
  faulty: () => boolean;
  /** Resolves once what was typed has been looked at; null when nothing waits for that. */
  settled: () => Promise<void> | null;
}

interface ControlTarget {
  target: FormTarget;
  value: JsonObject;
  filled: Filled;
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
  return { target, value: filled.get(node) ?? {}, filled: useMemo(() => filledIn(node), [node]) };
}

function filledIn(node: string): Filled {
  const typed = (...phases: Phase[]): boolean =>
    drafts.of(`control:${node}`).some(({ phase }) => phases.includes(phase));
  const waits = (): boolean => typed("typing", "checking");
  return {
    data: () => filled.get(node) ?? {},
    faulty: () => typed("held", "unreadable"),
    settled: () => {
      if (!waits()) return null;
      return new Promise((resolve) => {
        const done = (): void => {
          stop();
          clearTimeout(timer);
          resolve();
        };
        const stop = drafts.subscribe(() => {
          if (!waits()) done();
        });
        const timer = setTimeout(done, SETTLE_MS);
      });
    },
  };
}
