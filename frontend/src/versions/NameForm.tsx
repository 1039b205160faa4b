import { useState, type FormEvent } from "react";

interface NameFormProps {
  /** Of the flow as it is now; else of an older state. */
  now: boolean;
  onName: (name: string, note: string) => Promise<void>;
  onCancel: () => void;
}

/** Gives a state a name, and says why in a note. */
export function NameForm({ now, onName, onCancel }: NameFormProps) {
  const [name, setName] = useState("");
  const [note, setNote] = useState("");
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await onName(name, note);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : "It could not be kept.");
      setBusy(false);
    }
  };
  return (
    <form className="versions__form" aria-label="Name a state" onSubmit={(event) => void send(event)}>
      <p className="small muted">
        {now ? "The flow is kept as it is now." : "The flow is kept as it was then."} It stays until you or an
        owner of the project delete it.
      </p>
      <label className="versions__field">
        <span>Name</span>
        <input
          className="input"
          autoFocus
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <label className="versions__field">
        <span>Note</span>
        <textarea
          className="input versions__note"
          rows={2}
          maxLength={2000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
      {failure !== "" && (
        <p className="small versions__failure" role="alert">
          {failure}
        </p>
      )}
      <div className="versions__buttons">
        <button type="submit" className="btn btn--primary btn--s" disabled={busy}>
          Keep this version
        </button>
        <button type="button" className="btn btn--s" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
