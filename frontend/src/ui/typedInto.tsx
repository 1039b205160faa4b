import { useState, type FunctionComponent } from "react";
import { late, type LatePart } from "./late";

interface Typed {
  /** What was typed before the part was there. */
  start?: string;
}

/** A late part that is typed into as soon as it is asked for: what is typed before its code is there is kept for it. */
export function typedInto<P extends object>(
  label: string,
  load: () => Promise<{ default: FunctionComponent<P & Typed> }>,
): LatePart<P> {
  const Part = late<P & Typed & { onType: (text: string) => void }>(
    load,
    // A field, so that it is no command to the canvas.
    ({ start, onType }, said) =>
      said ?? (
        <input
          className="unseen"
          autoFocus
          aria-label={label}
          value={start}
          onChange={(event) => onType(event.target.value)}
        />
      ),
  );
  function TypedInto(props: P) {
    const [typed, setTyped] = useState("");
    return <Part {...props} start={typed} onType={setTyped} />;
  }
  return Object.assign(TypedInto, { fetch: Part.fetch });
}
