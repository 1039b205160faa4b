import { useOpenPanel } from "../actions/context";
import { MakeTestButton } from "../flowtests/MakeTestButton";
import { testOfMessage } from "../flowtests/makeTest";
import type { DebugRow } from "../live/debugLog";
import { KeepButton } from "../scenarios/KeepButton";
import { capturedMessage } from "../scenarios/useCapture";
import { CopyButton } from "../ui/CopyButton";
import { Icon } from "../ui/Icon";

interface RowDetailProps {
  row: DebugRow | null;
  name: string;
  pinned: boolean;
  onPin: (pinned: boolean) => void;
  onGo: () => void;
}

/** One message whole. */
export function RowDetail({ row, name, pinned, onPin, onGo }: RowDetailProps) {
  const openPanel = useOpenPanel();
  if (!row) return <p className="small muted">Choose a message to see it whole.</p>;
  const text = JSON.stringify(row.message, null, 2);
  return (
    <div className="stack debug__detail">
      <p className="line">
        <button type="button" className="btn btn--plain btn--s clip" onClick={onGo} title="Go to the node">
          <Icon name="right" size="s" />
          <span className="clip">
            {name} · {row.port}
          </span>
        </button>
        <span className="grow" />
        <button
          type="button"
          className="btn btn--plain btn--s"
          aria-pressed={pinned}
          onClick={() => onPin(!pinned)}
        >
          <Icon name="pin" size="s" />
          {pinned ? "Let go" : "Pin"}
        </button>
        <KeepButton
          name={`${name} ${row.port}`}
          captured={() => capturedMessage({ node: row.node, port: row.port, data: row.message })}
          show={() => openPanel("scenarios")}
        />
        <MakeTestButton
          name={`${name} · ${row.port}`}
          label="Use as test"
          body={() => testOfMessage({ at: `${row.node}.${row.port}`, message: row.message })}
        />
        <CopyButton text={() => text} label="Copy" />
      </p>
      <p className="small muted num">
        {new Date(row.at).toLocaleString()} · {row.host}
      </p>
      <pre className="json" tabIndex={0} aria-label="Message">
        {text}
      </pre>
    </div>
  );
}
