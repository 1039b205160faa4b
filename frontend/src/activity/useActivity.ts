import { useCallback, useEffect, useRef, useState } from "react";
import { useEditor } from "../live/hooks";
import { readActivity, type Sentence, type Told } from "./activityApi";

const PAUSE_MS = 2000;

export interface Shown {
  readonly sentences: readonly Sentence[];
  readonly older: number | null;
  /** Why the list is not up to date; empty when it is. */
  readonly failure: string;
  readonly loaded: boolean;
  readonly more: () => void;
}

const NOTHING = { sentences: [], older: null, failure: "", loaded: false };

/** The newest sentences of one project or flow, for as long as the component stands; asked for again some time after the flow was changed, and never by a hidden tab. */
export function useActivity(project: string, flow: string | null): Shown {
  const editor = useEditor();
  const [told, setTold] = useState<Omit<Shown, "more">>(NOTHING);
  const asked = useRef(0);
  const read = useCallback(
    (before: number | null) => {
      const number = (asked.current += 1);
      readActivity(project, flow, before).then(
        (answer) => asked.current === number && setTold((now) => joined(now.sentences, answer, before)),
        (error: unknown) =>
          asked.current === number && setTold((now) => ({ ...now, failure: messageOf(error), loaded: true })),
      );
    },
    [project, flow],
  );
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let late = false;
    const newest = (): void => {
      late = document.hidden;
      if (!late) read(null);
    };
    const changed = (): void => {
      clearTimeout(timer);
      timer = setTimeout(newest, PAUSE_MS);
    };
    const seen = (): void => {
      if (late) newest();
    };
    newest();
    const stop = editor.subscribe(changed);
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearTimeout(timer);
      asked.current += 1;
      stop();
      document.removeEventListener("visibilitychange", seen);
    };
  }, [editor, read]);
  const { older } = told;
  return { ...told, more: () => older !== null && read(older) };
}

function joined(before: readonly Sentence[], answer: Told, from: number | null): Omit<Shown, "more"> {
  const sentences = from === null ? answer.sentences : [...before, ...answer.sentences];
  return { sentences, older: answer.older, failure: "", loaded: true };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "The activity could not be read.";
}
