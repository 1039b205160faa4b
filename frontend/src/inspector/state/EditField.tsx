import { useId, useState } from "react";
import type { Json } from "../../core/types";
import { useFlow } from "../../live/hooks";
import { editState, type StateField } from "./stateApi";
import { readValue, valueText } from "./words";

interface EditFieldProps {
  node: string;
  /** As it was when the edit began: what the server compares with. */
  field: StateField;
  /** As it is now. */
  now: StateField;
  onClose: () => void;
  onStored: () => void;
}

type Phase = "writing" | "asking" | "sending";

/** Sets a field of a running node: written first, then confirmed, because what comes next builds on it. */
export function EditField({ node, field, now, onClose, onStored }: EditFieldProps) {
  const flow = useFlow().id;
  const id = useId();
  const plainText = typeof field.value === "string" && field.schema["type"] === "string";
  const [was, setWas] = useState(field);
  const [text, setText] = useState(
    plainText ? String(field.value) : JSON.stringify(field.value ?? null, null, 2),
  );
  const [phase, setPhase] = useState<Phase>("writing");
  const [problem, setProblem] = useState("");
  const overtaken = now.digest !== was.digest;
  const next = (): void => {
    const read = readValue(text, plainText);
    if ("problem" in read) return setProblem(read.problem);
    setProblem("");
    setPhase("asking");
  };
  const send = async (value: Json): Promise<void> => {
    setPhase("sending");
    try {
      await editState(flow, node, { field: field.name, value, was: was.digest ?? "" });
      onStored();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : "The edit could not be sent.");
      setPhase("writing");
    }
  };
  const read = readValue(text, plainText);
  return (
    <div className="stack nodestate__edit">
      <textarea
        className="nodestate__text"
        aria-label={`New value of ${field.title}`}
        aria-describedby={`${id}:problem`}
        aria-invalid={problem !== ""}
        autoFocus
        spellCheck={false}
        rows={Math.min(12, text.split("\n").length)}
        readOnly={phase !== "writing"}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setProblem("");
        }}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          onClose();
        }}
      />
      <p id={`${id}:problem`} className="nodestate__failure small" role="status">
        {problem}
      </p>
      {overtaken && phase === "writing" && (
        <p className="small line">
          <span className="grow">
            It is {now.cut ? "another value" : <code>{valueText(now.value)}</code>} by now.
          </span>
          <button type="button" className="btn btn--s" onClick={() => setWas(now)}>
            Write over it
          </button>
        </p>
      )}
      {phase === "writing" && (
        <p className="line">
          <button type="button" className="btn btn--s" onClick={next}>
            Set …
          </button>
          <button type="button" className="btn btn--plain btn--s" onClick={onClose}>
            Cancel
          </button>
        </p>
      )}
      {phase !== "writing" && "value" in read && (
        <div className="nodestate__confirm" role="alertdialog" aria-label={`Set ${field.title}`}>
          <p className="small">
            Set <b>{field.title}</b> of the running node to <code>{short(valueText(read.value))}</code>? What
            comes next builds on it.
          </p>
          <p className="line">
            <button
              type="button"
              className="btn btn--danger btn--s"
              autoFocus
              aria-disabled={phase === "sending"}
              onClick={() => {
                if (phase === "asking") void send(read.value);
              }}
            >
              {phase === "sending" ? "Waiting for the leader" : "Set it"}
            </button>
            {phase === "asking" && (
              <button type="button" className="btn btn--plain btn--s" onClick={() => setPhase("writing")}>
                Back
              </button>
            )}
          </p>
        </div>
      )}
    </div>
  );
}

function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)} …` : text;
}
