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

interface Asked {
  text: string;
  cursor: number;
}

/** What could be written next in one field. A list that is open stays until the next one has come. */
export function useOffers(expressions: Expressions, target: Resolved): Offers {
  const [shown, setShown] = useState<readonly Offer[]>(NONE);
  const [active, setActive] = useState(-1);
  const line = useRef<{ running: boolean; next: Asked | null; open: boolean }>({
    running: false,
    next: null,
    open: false,
  });
  const show = (offers: readonly Offer[]): void => {
    setShown(offers);
    setActive(-1);
  };
  // An answer that comes after the field is gone is nobody's.
  useEffect(() => {
    const mine = line.current;
    return () => {
      mine.open = false;
      mine.next = null;
    };
  }, []);

  /** One question is under way; of those that come meanwhile, the newest is asked. */
  const next = async (complete: NonNullable<Expressions["complete"]>): Promise<void> => {
    const mine = line.current;
    if (mine.running) return;
    mine.running = true;
    while (mine.next) {
      const { text, cursor } = mine.next;
      mine.next = null;
      const begins =
        text
          .slice(0, cursor)
          .replace(/^.*\{\{/s, "")
          .trim() === "";
      const offers = await complete(text, cursor).then(
        (found) => (begins ? ranked(found, expressions, target) : found),
        // Who cannot be asked is no reason to offer nothing.
        () => localOffers(expressions, target, text),
      );
      if (mine.open && !mine.next) show(offers);
    }
    mine.running = false;
  };
  return {
    shown,
    active,
    step: (by) => {
      if (shown.length > 0) setActive(beside(active, by, shown.length));
    },
    ask: (text, cursor) => {
      const { complete } = expressions;
      line.current.open = true;
      if (complete) {
        line.current.next = { text, cursor };
        void next(complete);
      } else {
        show(localOffers(expressions, target, text));
      }
    },
    close: () => {
      line.current.open = false;
      line.current.next = null;
      show(NONE);
    },
  };
}

function beside(active: number, by: number, count: number): number {
  if (active < 0) return by > 0 ? 0 : count - 1;
  return (active + by + count) % count;
}
