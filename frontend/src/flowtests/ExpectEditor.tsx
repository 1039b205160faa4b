import { useCallback } from "react";
import type { Json } from "../core/types";
import { Icon } from "../ui/Icon";
import { FindingView } from "./FindingView";
import { MessageForm } from "./MessageForm";
import { expectable } from "./makeTest";
import { asKind, codeOf, KINDS, kindOf, type Kind } from "./parts";
import { PortSelect } from "./PortSelect";
import type { Expect, Finding } from "./types";

interface ExpectEditorProps {
  name: string;
  expect: Expect;
  /** What became of it last; undefined before. */
  finding: Finding | undefined;
  /** Where an expectation without a port begins to have one. */
  at: string;
  readOnly: string | null;
  read: () => Expect | undefined;
  write: (expect: Expect) => Promise<void>;
  onDelete: () => void;
}

/** One expectation: of what kind, where, what it says, and what came last. */
export function ExpectEditor(props: ExpectEditorProps) {
  const { name, expect, finding, at, readOnly, read, write, onDelete } = props;
  const kind = kindOf(expect);
  const member = kind === "reply" ? "reply" : "message";
  const message = useCallback(() => read()?.[member], [read, member]);
  const writeMessage = useCallback(
    (next: Json) => write({ ...(read() ?? expect), [member]: next }),
    [read, write, expect, member],
  );
  const edit = (next: Expect): void => void write(next).catch(() => undefined);
  const value = expect[member];
  const came = finding && "came" in finding ? finding.came : undefined;
  const takes = readOnly === null && came !== undefined && (kind === "message" || kind === "reply");
  return (
    <div className="stack">
      <div className="tests__row">
        <select
          className="select"
          aria-label="What is expected"
          value={kind}
          disabled={readOnly !== null}
          onChange={(event) => edit(asKind(expect, event.target.value as Kind, at))}
        >
          {Object.entries(KINDS).map(([one, text]) => (
            <option key={one} value={one}>
              {text}
            </option>
          ))}
        </select>
        {kind !== "reply" && (
          <>
            <span className="small muted">at</span>
            <PortSelect
              label="Where it is expected"
              value={expect.at ?? ""}
              nodes={kind === "error"}
              disabled={readOnly !== null}
              onChoose={(place) => edit({ ...expect, at: place })}
            />
          </>
        )}
        {kind === "count" && (
          <input
            className="tests__number"
            type="number"
            min={0}
            aria-label="Number of messages"
            value={expect.count ?? 1}
            readOnly={readOnly !== null}
            onChange={(event) =>
              edit({ ...expect, count: Math.max(0, Math.floor(Number(event.target.value))) })
            }
          />
        )}
        {kind === "error" && (
          <input
            className="tests__code"
            aria-label="Code of the error; empty is any"
            placeholder="any code"
            maxLength={100}
            spellCheck={false}
            value={codeOf(expect)}
            readOnly={readOnly !== null}
            onChange={(event) => edit({ ...expect, error: event.target.value.trim() || true })}
          />
        )}
        <span className="grow" />
        {readOnly === null && (
          <button type="button" className="btn btn--plain btn--s" onClick={onDelete}>
            <Icon name="trash" size="s" />
            Leave out
          </button>
        )}
      </div>
      {finding && (
        <FindingView
          finding={finding}
          onTake={takes ? () => edit({ ...expect, [member]: expectable(came) }) : null}
        />
      )}
      {value !== undefined && kind !== "error" && (
        <MessageForm
          name={`${name}:${kind}:${expect.at ?? ""}`}
          at={kind === "reply" ? undefined : expect.at}
          value={value}
          partial
          readOnly={readOnly}
          read={message}
          write={writeMessage}
        />
      )}
      {value === undefined && (kind === "count" || kind === "absent") && readOnly === null && (
        <p>
          <button type="button" className="btn btn--s" onClick={() => edit({ ...expect, message: {} })}>
            Only messages like …
          </button>
        </p>
      )}
    </div>
  );
}
