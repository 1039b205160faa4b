import { useState } from "react";
import { count } from "../core/format";
import type { OpenFlow } from "../live/context";
import { useReadable } from "../live/hooks";
import { shownPast } from "../live/past";
import { Icon } from "../ui/Icon";
import { DiffList } from "./DiffList";
import { compared, opened, openDiff, openPast } from "./open";
import { restore } from "./restore";
import type { VersionApi } from "./types";
import type { Entry } from "./useVersions";
import { pointText, whenText } from "./words";

interface VersionDetailProps {
  entry: Entry;
  /** What it may be compared with, besides the flow as it is. */
  others: readonly Entry[];
  present: OpenFlow;
  api: VersionApi;
  onName: () => void;
  onChanged: () => Promise<void>;
  onProblem: (error: unknown) => void;
}

/** One state of the past, what can be done with it, and what is different from it. */
export function VersionDetail(props: VersionDetailProps) {
  const { entry, others, present, api, onName, onChanged, onProblem } = props;
  const { version, point, ref } = entry;
  const { edit } = useReadable(present.editor.can);
  const isOpen = useReadable(opened) === ref;
  const comparison = useReadable(compared);
  const diff = comparison && comparison.diff.a.ref === ref ? comparison.diff : null;
  const [busy, setBusy] = useState(false);
  const name = version?.name ?? (point ? `Revision ${String(point.rev)}` : ref);
  const during = (work: Promise<unknown>): void => {
    setBusy(true);
    work.catch(onProblem).finally(() => setBusy(false));
  };
  const remove = async (): Promise<void> => {
    await api.remove(ref);
    if (isOpen || diff) shownPast.get()?.back();
    await onChanged();
  };
  const compare = (other: string): void => during(openDiff(present, api, ref, other));
  return (
    <section className="versions__detail" aria-label={name} aria-busy={busy}>
      <header className="versions__head">
        <div className="grow versions__title">
          <p className="strong clip">{name}</p>
          <p className="muted small clip">
            {version && `kept by ${version.by.name}, ${whenText(version.at)} · `}
            {version && `${count(version.nodes, "node")}, ${count(version.edges, "wire")}`}
            {point && `${pointText(point)}, ${whenText(point.since)} to ${whenText(point.at)}`}
          </p>
        </div>
        <button
          type="button"
          className="btn btn--s"
          aria-pressed={isOpen}
          disabled={busy}
          onClick={() => (isOpen ? shownPast.get()?.back() : during(openPast(present, api, ref)))}
        >
          Look at it
        </button>
        <button
          type="button"
          className="btn btn--s"
          aria-pressed={diff?.b.ref === "now"}
          disabled={busy}
          onClick={() => (diff?.b.ref === "now" ? shownPast.get()?.back() : compare("now"))}
        >
          Compare with now
        </button>
        <select
          className="input versions__other"
          aria-label="Compare with another state"
          value={diff && diff.b.ref !== "now" ? diff.b.ref : ""}
          disabled={busy}
          onChange={(event) => event.target.value && compare(event.target.value)}
        >
          <option value="">Compare with …</option>
          {others.map(
            (other) =>
              other.ref !== ref && (
                <option key={other.ref} value={other.ref}>
                  {other.version?.name ??
                    (other.point ? `${pointText(other.point)}, ${whenText(other.point.at)}` : "")}
                </option>
              ),
          )}
        </select>
        {edit && (
          <button
            type="button"
            className="btn btn--s btn--primary"
            disabled={busy}
            title="Make the flow what it was, by a change that can be undone"
            onClick={() => during(restore(present, api, { ref, name }).then(onChanged))}
          >
            <Icon name="undo" size="s" />
            Restore
          </button>
        )}
        {edit && point && (
          <button type="button" className="btn btn--plain btn--s" onClick={onName}>
            <Icon name="pin" size="s" />
            Name it
          </button>
        )}
        {edit && version?.deletable && (
          <button
            type="button"
            className="btn btn--plain btn--s btn--icon"
            aria-label={`Delete ${version.name}`}
            title="Delete this version; the flow stays as it is"
            disabled={busy}
            onClick={() => during(remove())}
          >
            <Icon name="trash" />
          </button>
        )}
      </header>
      {version && version.note !== "" && <p className="versions__said small">{version.note}</p>}
      {diff ? (
        <DiffList diff={diff} textAt={api.textAt(diff.a.ref, diff.b.ref)} />
      ) : (
        <p className="muted small versions__none">
          Compare it, and what is different is listed here and marked on the canvas.
        </p>
      )}
    </section>
  );
}
