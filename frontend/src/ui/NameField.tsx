import { useState } from "react";
import "./namefield.css";

interface NameFieldProps {
  /** What it is the name of, for those who hear it. */
  label: string;
  name: string;
  editable: boolean;
  /** Whether it is given a name now: what is typed takes the place of the one that it was made with. */
  fresh?: boolean;
  onRename: (name: string) => void;
}

/** A name that is renamed where it stands: Enter or leaving the field keeps it, Escape gives the edit up. */
export function NameField({ label, name, editable, fresh = false, onRename }: NameFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const keep = (): void => {
    const wanted = draft?.trim() ?? "";
    setDraft(null);
    if (wanted !== "" && wanted !== name) onRename(wanted);
  };
  return (
    <input
      className="namefield"
      aria-label={label}
      value={draft ?? name}
      readOnly={!editable}
      maxLength={100}
      spellCheck={false}
      autoComplete="off"
      autoFocus={fresh && editable}
      onFocus={fresh ? (event) => event.target.select() : undefined}
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
