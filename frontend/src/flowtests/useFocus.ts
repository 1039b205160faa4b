import { useEffect, useRef, type RefObject } from "react";
import type { Part } from "./PartList";

/** Where the focus goes when the next part is shown: into its form, or to its row. */
type Where = "form" | "row";

const TARGETS: Readonly<Record<Where, string>> = {
  form: ".tests__form :is(select, input, textarea, button)",
  row: '.tests__part[aria-pressed="true"]',
};

/** Leads the focus on when what was pressed opens another part, or is gone with it. */
export function useFocus({ of, index }: Part): {
  readonly within: RefObject<HTMLDivElement | null>;
  readonly next: (where: Where) => void;
} {
  const within = useRef<HTMLDivElement>(null);
  const wanted = useRef<Where | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    within.current?.querySelector<HTMLElement>(TARGETS[wanted.current])?.focus();
    wanted.current = null;
  }, [of, index]);
  return {
    within,
    next: (where) => {
      wanted.current = where;
    },
  };
}
