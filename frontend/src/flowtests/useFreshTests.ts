import { useEffect } from "react";
import { useEditor } from "../live/hooks";
import type { Tests } from "./store";

/** How long the flow has to be still before its revision is asked for, in ms. */
const STILL = 1_200;

/**
 * Reads the tests now, when somebody comes back to the page (colleagues keep tests, too), and after edits of the flow: what was
 * found is then from before them. `edited` is called after each of these.
 */
export function useFreshTests(store: Tests, edited: () => void): void {
  const editor = useEditor();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = (): void => void store.load();
    read();
    window.addEventListener("focus", read);
    const stop = editor.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const before = store.listed.get().flowRev;
        void store.load().then(() => {
          if (store.listed.get().flowRev > before) edited();
        });
      }, STILL);
    });
    return () => {
      clearTimeout(timer);
      window.removeEventListener("focus", read);
      stop();
    };
  }, [editor, store, edited]);
}
