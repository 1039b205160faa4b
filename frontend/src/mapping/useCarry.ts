import { useMemo, useRef, useState } from "react";

import { submit, type FormTarget } from "../forms/draft/submit";
import { fits, lookUp } from "../forms/expressions/sources";
import type { Expressions } from "../forms/expressions/types";
import { schemaFor } from "../forms/schema/lift";
import { fromPointer, getAt, toPointer } from "../forms/schema/pointer";
import { typeWord } from "../forms/schema/typeWords";
import { isObject, type Json, type Schema } from "../forms/schema/types";
import type { Carrying } from "./carrying";
import { pathOf, placeFor, written } from "./places";

export interface Carry extends Carrying {
  /** What just happened, for people who do not see it. */
  readonly said: string;
}

/** Carries fields of the source to the mapping: what is let go on a field is written into it as an expression. */
export function useCarry(target: FormTarget, schema: Schema, expressions: Expressions): Carry {
  const [path, setPath] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const from = useRef<HTMLElement | null>(null);
  return useMemo(() => {
    const mapping = () => {
      const document: Json | undefined = target.document();
      return isObject(document) ? document : {};
    };
    return {
      path,
      said,
      take: (taken) => {
        from.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
        setPath(taken);
        setSaid(`${taken} is taken: go to a field of the mapping and press Enter. Escape puts it back.`);
      },
      giveUp: () => {
        setPath(null);
        setSaid("Put back");
        from.current?.focus();
      },
      put: (carried, pointer) => {
        setPath(null);
        const at = placeFor(pathOf(pointer, mapping()), carried, mapping(), schema);
        const text = written(carried, getAt(mapping(), at));
        target.drafts.drop(target.key, at);
        setSaid(`${carried} is in ${String(at.at(-1) ?? "the mapping")}`);
        void submit(target, at, text).then(() => focusField(toPointer(at)));
        focusField(toPointer(at));
      },
      misfit: (carried, pointer) => {
        const at = placeFor(fromPointer(pointer), carried, mapping(), schema);
        const given = lookUp(carried, expressions.source, expressions.root);
        const wanted = schemaFor(at, schema);
        if (typeof given !== "object" || !wanted || fits(given.schema, wanted)) return "";
        return `${typeWord(given.schema)}, where ${typeWord(wanted)} is wanted`;
      },
    };
  }, [target, schema, expressions, path, said]);
}

/** The control may be another one once what was let go has arrived. */
function focusField(pointer: string): void {
  const form = document.querySelector(".mapping__fields");
  const field = form?.querySelector(`[data-pointer="${CSS.escape(pointer)}"]`);
  if (!field || field.contains(document.activeElement)) return;
  field.querySelector<HTMLElement>("input, textarea, select")?.focus({ preventScroll: false });
}
