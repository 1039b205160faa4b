import { useEffect, useState } from "react";
import { useReadable } from "../live/hooks";
import { useOpenFlow } from "../live/context";
import type { Run, RunSummary } from "../core/types";

const PAUSE_MS = 1000;

export interface Listed {
  runs: readonly RunSummary[];
  silent: readonly string[];
  /** Why the list is not up to date; empty when it is. */
  failure: string;
  loaded: boolean;
}

/** The newest runs; asked for again when the server says that there are new ones, once a second at most. */
export function useRuns(): Listed {
  const { runs, live } = useOpenFlow();
  const news = useReadable(live.runs);
  const [listed, setListed] = useState<Listed>({ runs: [], silent: [], failure: "", loaded: false });
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let stale = false;
    const timer = setTimeout(
      () => {
        runs.runs().then(
          (answer) => {
            if (!stale) setListed({ ...answer, failure: "", loaded: true });
            setAsked(Date.now());
          },
          (error: unknown) => {
            if (!stale) setListed((now) => ({ ...now, failure: messageOf(error), loaded: true }));
          },
        );
      },
      Math.max(0, asked + PAUSE_MS - Date.now()),
    );
    return () => {
      stale = true;
      clearTimeout(timer);
    };
    // The time of the last answer only sets the pause; it is no reason to ask again.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [runs, news]);
  return listed;
}

/** One run with its hops; a text says why it cannot be had, null that it is on its way. */
export function useRun(trace: string | null): Run | string | null {
  const { runs } = useOpenFlow();
  const [found, setFound] = useState<{ trace: string; run: Run | string } | null>(null);
  useEffect(() => {
    if (trace === null) return;
    let stale = false;
    runs.run(trace).then(
      (run) => !stale && setFound({ trace, run }),
      (error: unknown) => !stale && setFound({ trace, run: messageOf(error) }),
    );
    return () => {
      stale = true;
    };
  }, [runs, trace]);
  return found !== null && found.trace === trace ? found.run : null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "The runs cannot be read.";
}
