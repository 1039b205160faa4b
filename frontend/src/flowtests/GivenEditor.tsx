import { useCallback } from "react";
import type { Json } from "../core/types";
import { Icon } from "../ui/Icon";
import { MessageForm } from "./MessageForm";
import { PortSelect } from "./PortSelect";
import type { Given } from "./types";

interface GivenEditorProps {
  name: string;
  given: Given;
  /** Whether the test has a scenario, from which the message may come. */
  sampled: boolean;
  readOnly: string | null;
  read: () => Given | undefined;
  write: (given: Given) => Promise<void>;
  onDelete: (() => void) | null;
}

/** A message that the test gives: where, after how long, and what. */
export function GivenEditor({ name, given, sampled, readOnly, read, write, onDelete }: GivenEditorProps) {
  const message = useCallback(() => read()?.message, [read]);
  const writeMessage = useCallback(
    (next: Json) => write({ ...(read() ?? given), message: next }),
    [read, write, given],
  );
  const edit = (next: Given): void => void write(next).catch(() => undefined);
  return (
    <div className="stack">
      <div className="tests__row">
        <PortSelect
          label="Port that the message is given at"
          value={given.at}
          disabled={readOnly !== null}
          onChoose={(at) => edit({ ...given, at })}
        />
        <label className="line small">
          after
          <input
            className="tests__number"
            type="number"
            min={0}
            max={34_560_000}
            aria-label="Seconds after the one before"
            value={given.after ?? 0}
            readOnly={readOnly !== null}
            onChange={(event) => {
              const { after: _, ...rest } = given;
              const seconds = Math.max(0, Number(event.target.value) || 0);
              edit(seconds > 0 ? { ...rest, after: seconds } : rest);
            }}
          />
          s
        </label>
        <span className="grow" />
        {onDelete && readOnly === null && (
          <button type="button" className="btn btn--plain btn--s" onClick={onDelete}>
            <Icon name="trash" size="s" />
            Leave out
          </button>
        )}
      </div>
      {given.message === undefined ? (
        <p className="line small">
          <span className="muted grow">
            {sampled ? "The scenario’s message of this port is given." : "No message is given yet."}
          </span>
          {readOnly === null && (
            <button type="button" className="btn btn--s" onClick={() => edit({ ...given, message: {} })}>
              Write one
            </button>
          )}
        </p>
      ) : (
        <MessageForm
          name={`${name}:${given.at}`}
          at={given.at}
          value={given.message}
          partial={false}
          readOnly={readOnly}
          read={message}
          write={writeMessage}
        />
      )}
    </div>
  );
}
