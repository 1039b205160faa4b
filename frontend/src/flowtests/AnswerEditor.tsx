import { useCallback } from "react";
import type { Json } from "../core/types";
import { Icon } from "../ui/Icon";
import { MessageForm } from "./MessageForm";
import { PortSelect } from "./PortSelect";
import type { Answer } from "./types";

interface AnswerEditorProps {
  name: string;
  answer: Answer;
  readOnly: string | null;
  read: () => Answer | undefined;
  write: (answer: Answer) => Promise<void>;
  onDelete: () => void;
}

/** What an output gives whenever its node gets a message: the node itself is not run. */
export function AnswerEditor({ name, answer, readOnly, read, write, onDelete }: AnswerEditorProps) {
  const message = useCallback(() => read()?.message, [read]);
  const writeMessage = useCallback(
    (next: Json) => write({ ...(read() ?? answer), message: next }),
    [read, write, answer],
  );
  return (
    <div className="stack">
      <div className="tests__row">
        <PortSelect
          label="Output that answers"
          value={answer.at}
          outputs
          disabled={readOnly !== null}
          onChoose={(at) => void write({ ...answer, at }).catch(() => undefined)}
        />
        <span className="small muted grow">gives this, and its node is not run</span>
        {readOnly === null && (
          <button type="button" className="btn btn--plain btn--s" onClick={onDelete}>
            <Icon name="trash" size="s" />
            Leave out
          </button>
        )}
      </div>
      <MessageForm
        name={`${name}:${answer.at}`}
        at={answer.at}
        value={answer.message ?? null}
        partial={false}
        readOnly={readOnly}
        read={message}
        write={writeMessage}
      />
    </div>
  );
}
