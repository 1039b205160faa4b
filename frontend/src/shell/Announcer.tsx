import { useEffect, useState } from "react";
import { useEditor } from "../live/hooks";

/** An edit made of many (typing, a drag by keys) is said once, when it rests. */
const REST_MS = 400;

/** Says politely what was done. Errors and what others delete are messages, and read out with those. */
export function Announcer() {
  const editor = useEditor();
  const [said, setSaid] = useState("");
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = editor.done.subscribe(() => {
      clearTimeout(timer);
      const text = editor.done.get()?.label ?? "";
      // The same words twice are two edits: a space more makes them new for the reader.
      timer = setTimeout(() => setSaid((before) => (before === text ? `${text} ` : text)), REST_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [editor]);
  return (
    <div className="unseen" role="status" aria-label="What was done" aria-live="polite">
      {said}
    </div>
  );
}
