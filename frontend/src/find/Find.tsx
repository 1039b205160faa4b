import { useState } from "react";
import { late } from "../ui/late";

const FindBar = late<{ start: string; onType: (text: string) => void; onClose: () => void }>(
  () => import("./FindBar"),
  ({ start, onType }, said) =>
    said ?? (
      <input
        className="unseen"
        autoFocus
        aria-label="Find in this flow"
        value={start}
        onChange={(event) => onType(event.target.value)}
      />
    ),
);

/** The find bar. What is typed before its code is there is kept for it, and is no command to the canvas. */
export function Find({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState("");
  return <FindBar start={typed} onType={setTyped} onClose={onClose} />;
}
