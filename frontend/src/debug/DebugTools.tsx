import { count } from "../core/format";
import type { DebugLog, DebugRow } from "../live/debugLog";
import { useReadable } from "../live/hooks";
import { CopyButton } from "../ui/CopyButton";
import { Icon } from "../ui/Icon";

interface DebugToolsProps {
  log: DebugLog;
  /** What the filter leaves. */
  rows: readonly DebugRow[];
  filter: string;
  onFilter: (filter: string) => void;
  nameOf: (node: string) => string;
}

/** Filter, pause, clear, copy. */
export function DebugTools({ log, rows, filter, onFilter, nameOf }: DebugToolsProps) {
  const { paused, held, lost } = useReadable(log);
  const copied = (): string =>
    JSON.stringify(
      rows.map(({ at, node, port, message, host }) => ({
        at: new Date(at).toISOString(),
        node: nameOf(node),
        port,
        host,
        message,
      })),
      null,
      2,
    );
  return (
    <>
      <label className="input drawer__search">
        <Icon name="filter" size="s" />
        <input
          type="search"
          placeholder="Filter"
          aria-label="Filter messages"
          value={filter}
          onChange={(event) => onFilter(event.target.value)}
        />
      </label>
      <button
        type="button"
        className="btn btn--plain btn--s"
        aria-pressed={paused}
        onClick={() => log.pause(!paused)}
      >
        <Icon name={paused ? "play" : "pause"} size="s" />
        {paused ? `Go on${held > 0 ? ` (${String(held)})` : ""}` : "Pause"}
      </button>
      <button type="button" className="btn btn--plain btn--s" onClick={() => log.clear()}>
        <Icon name="trash" size="s" />
        Clear
      </button>
      <CopyButton text={copied} label="Copy as JSON" disabled={rows.length === 0} />
      <span className="small muted clip num" role="status">
        {lost > 0 && `${count(lost, "message")} came too fast to be shown`}
      </span>
    </>
  );
}
