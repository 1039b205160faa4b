import { useState } from "react";
import type { Scenarios } from "./store";
import type { Scenario } from "./types";

interface ScenarioNameProps {
  store: Scenarios;
  scenario: Scenario;
  editable: boolean;
  onProblem: (error: unknown) => void;
}

/** The name, renamed in place: Enter or leaving the field keeps it, Escape gives the edit up. */
export function ScenarioName({ store, scenario, editable, onProblem }: ScenarioNameProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const keep = (): void => {
    const name = draft?.trim() ?? "";
    setDraft(null);
    if (name === "" || name === scenario.name) return;
    store.edit(scenario.id, (one) => ({ ...one, name })).catch(onProblem);
  };
  return (
    <input
      className="scenarios__name"
      aria-label="Name of the scenario"
      value={draft ?? scenario.name}
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
