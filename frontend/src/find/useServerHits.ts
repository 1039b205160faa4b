import { useEffect, useMemo, useState } from "react";
import type { FoundTexts } from "../core/api";
import { useOpenFlow } from "../live/context";

/** A pause in typing this long is worth a question; milliseconds. */
const PAUSE_MS = 150;

interface ServerHits extends FoundTexts {
  /** The words that were looked for; others than now: the answer is still on its way. */
  readonly words: string;
  readonly failed: boolean;
}

const NOTHING: ServerHits = { words: "", hits: [], cut: false, failed: false };

/** What the server finds in settings and mappings; it is not asked where this page has read all that there is. */
export function useServerHits(words: string, isAllHere: boolean): ServerHits {
  const { find } = useOpenFlow();
  const isAsked = find !== undefined && !isAllHere;
  const [found, setFound] = useState(NOTHING);
  useEffect(() => {
    if (words === "" || !isAsked) return;
    let current = true;
    const timer = setTimeout(() => {
      find(words).then(
        (answer) => current && setFound({ ...answer, words, failed: false }),
        () => current && setFound({ ...NOTHING, words, failed: true }),
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [find, isAsked, words]);
  return useMemo(() => (isAsked ? found : { ...NOTHING, words }), [isAsked, found, words]);
}
