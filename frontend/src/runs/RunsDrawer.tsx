import { useEffect, useRef, useState } from "react";
import { durationText } from "../core/format";
import type { RunSummary } from "../core/types";
import { useGraph } from "../live/hooks";
import { Icon } from "../ui/Icon";
import { RunBars } from "./RunBars";
import { useRun, useRuns } from "./useRuns";
import "./runs.css";

const STATES = {
  ok: { mark: "ok", text: "Done" },
  error: { mark: "error", text: "Failed" },
  running: { mark: "working", text: "Under way" },
} as const;

/** The last recorded runs of the flow, and the hops of the one that is chosen. */
export function RunsDrawer({ onClose }: { onClose: () => void }) {
  const { runs, silent, failure, loaded } = useRuns();
  const [chosen, setChosen] = useState<string | null>(null);
  const run = useRun(chosen);
  const drawer = useRef<HTMLElement>(null);
  useEffect(() => drawer.current?.focus(), []);
  return (
    <section
      ref={drawer}
      className="runs"
      aria-label="Runs"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header className="runs__head">
        <h2 className="grow">Runs</h2>
        {failure !== "" && <span className="runs__error clip">{failure}</span>}
        {silent.length > 0 && <span className="muted clip">No answer from {silent.join(", ")}</span>}
        <button
          type="button"
          className="btn btn--plain btn--icon btn--s"
          aria-label="Close runs"
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      <div className="runs__body">
        <ul className="runs__list" aria-label="Last runs">
          {runs.map((one) => (
            <RunRow key={one.trace} run={one} chosen={one.trace === chosen} onChoose={setChosen} />
          ))}
          {loaded && runs.length === 0 && (
            <li className="muted runs__none">No runs are remembered yet. Send the flow a message.</li>
          )}
        </ul>
        <div className="runs__detail">
          {typeof run === "string" ? (
            <p className="runs__error">{run}</p>
          ) : run ? (
            <RunBars run={run} />
          ) : (
            <p className="muted">{chosen === null ? "Choose a run to see its hops." : "Loading"}</p>
          )}
        </div>
      </div>
    </section>
  );
}

interface RunRowProps {
  run: RunSummary;
  chosen: boolean;
  onChoose: (trace: string) => void;
}

function RunRow({ run, chosen, onChoose }: RunRowProps) {
  const { nodes } = useGraph();
  const { mark, text } = STATES[run.state];
  return (
    <li>
      <button
        type="button"
        className="runs__row"
        aria-pressed={chosen}
        title={run.error?.message}
        onClick={() => onChoose(run.trace)}
      >
        <i className={`mark is-${mark}`} />
        <span className="unseen">{text}</span>
        <span className="grow clip">{(run.node !== null && nodes.get(run.node)?.label) || run.node}</span>
        <time className="muted" dateTime={new Date(run.at).toISOString()}>
          {new Date(run.at).toLocaleTimeString()}
        </time>
        <span className="runs__time">{run.duration_ms === null ? text : durationText(run.duration_ms)}</span>
      </button>
    </li>
  );
}
