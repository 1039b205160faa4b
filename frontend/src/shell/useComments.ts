import { useEffect } from "react";
import { readAddress } from "../core/address";
import { commentHints } from "../live/commentHints";
import { useFlow } from "../live/hooks";

/**
 * Opens the comments when somebody wants to see some, and keeps them up to date once the flow has any; their code comes then.
 * `load` reads them up to a revision.
 */
export function useComments(
  load: (flow: string, rev: number) => Promise<void>,
  open: (panel: string) => void,
): void {
  const { id } = useFlow();
  useEffect(() => {
    const wished = (): void => {
      if (commentHints.wish.get() !== null) open("comments");
    };
    const told = (): void => {
      const rev = commentHints.rev.get();
      // A page that nobody sees asks for nothing. Without an answer the next hint tries again.
      if (rev > 0 && !document.hidden) load(id, rev).catch(() => undefined);
    };
    wished();
    told();
    document.addEventListener("visibilitychange", told);
    const stops = [commentHints.wish.subscribe(wished), commentHints.rev.subscribe(told)];
    return () => {
      document.removeEventListener("visibilitychange", told);
      for (const stop of stops) stop();
    };
  }, [load, open, id]);
}

/** The thread that the page's address leads to, as a wish; to be asked before the address is written anew. */
export function wishOfAddress(href: string): void {
  const { comment } = readAddress(href);
  if (comment !== null) commentHints.wish.set({ thread: comment, linked: true });
}
