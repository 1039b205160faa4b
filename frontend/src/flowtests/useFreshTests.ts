import { useEffect } from "react";
import { useEditor } from "../live/hooks";
import { testHints } from "../live/testHints";
import { isRunning, type Tests } from "./store";

/** How long the flow has to be still before it is asked which results are from before its edits, in ms. */
const STILL = 1_200;
/** How often it is asked how far a run is, in ms, besides what is told: nobody tells of one whose server is gone. */
const ASKED = 10_000;

/** Keeps the tests up to date while they are shown: what others make of them and run, and what edits of the flow make old. */
export function useFreshTests(store: Tests): void {
  const editor = useEditor();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = (): void => void store.load();
    const hear = (): void => {
      const { rev, run } = testHints.told.get();
      if (run === undefined) read();
      else void store.told(rev, run);
    };
    read();
    hear();
    const asking = setInterval(() => {
      if (isRunning(store.running.get())) read();
    }, ASKED);
    window.addEventListener("focus", read);
    const stops = [
      testHints.told.subscribe(hear),
      editor.subscribe(() => {
        clearTimeout(timer);
        timer = setTimeout(read, STILL);
      }),
    ];
    return () => {
      clearTimeout(timer);
      clearInterval(asking);
      window.removeEventListener("focus", read);
      stops.forEach((stop) => stop());
    };
  }, [editor, store]);
}
