import { useEffect, useRef, useState } from "react";

import type { Resolved } from "../schema/types";
import { localOffers, ranked } from "./offers";
import type { Expressions, Offer } from "./types";

export interface Offers {
  shown: readonly Offer[];
  /** Place of the one that Enter takes; -1 for none. */
  active: number;
  step: (by: number) => void;
  /** Asks what fits at a place of the text; the newest question wins. */
  ask: (text: string, cursor: number) => void;
  close: () => void;
}

const NONE: readonly Offer[] = [];

/** What could be written next in one field. A list that is open stays until the next one has come. */
export function useOffers(expressions: Expressions, target: Resolved): Offers {
  const [shown, setShown] = useState<readonly Offer[]>(NONE);
  const [active, setActive] = useState(-1);
  const asked = useRef(0);
  const show = (offers: readonly Offer[]): void => {
    setShown(offers);
    setActive(-1);
  };
  // An answer that comes after the field is gone is nobody's.
  useEffect(
    () => () => {
      asked.current = -1;
    },
    [],
  );
  const local = (text: string) => localOffers(expressions, target, text);
  return {
    shown,
    active,
    step: (by) => {
      if (shown.length > 0) setActive(next(active, by, shown.length));
    },
    ask: (text, cursor) => {
      if (!expressions.complete) {
        show(local(text));
        return;
      }
      const mine = (asked.current += 1);
      const isNewest = () => mine === asked.current;
      const begins =
        text
          .slice(0, cursor)
          .replace(/^.*\{\{/s, "")
          .trim() === "";
      expressions.complete(text, cursor).then(
        (offers) => isNewest() && show(begins ? ranked(offers, expressions, target) : offers),
        // Who cannot be asked is no reason to offer nothing.
        () => isNewest() && show(local(text)),
      );
    },
    close: () => {
      asked.current += 1;
      show(NONE);
    },
  };
}

function next(active: number, by: number, count: number): number {
  if (active < 0) return by > 0 ? 0 : count - 1;
  return (active + by + count) % count;
}
