import { useState } from "react";
import type { Tests } from "./store";
import type { FlowTest } from "./types";

interface TestNameProps {
  store: Tests;
  test: FlowTest;
  editable: boolean;
  onProblem: (error: unknown) => void;
}

/** The name, renamed in place: Enter or leaving the field keeps it, Escape gives the edit up. */
export function TestName({ store, test, editable, onProblem }: TestNameProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const keep = (): void => {
    const name = draft?.trim() ?? "";
    setDraft(null);
    if (name === "" || name === test.name) return;
    store.edit(test.id, (one) => ({ ...one, name })).catch(onProblem);
  };
  return (
    <input
      className="tests__name"
      aria-label="Name of the test"
      value={draft ?? test.name}
      readOnly={!editable}
      maxLength={100}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => setDraft(event.target.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === "Enter") keep();
        if (event.key === "Escape" && draft !== null) {
          // The drawer would close on it.
          event.preventDefault();
          setDraft(null);
        }
      }}
    />
  );
}
