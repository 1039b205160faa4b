import { useState } from "react";
import { durationText } from "../core/format";
import { plainWords } from "../core/plainWords";
import type { RunSummary } from "../core/types";
import { useOpenPanel } from "../actions/context";
import { Drawer } from "../drawer/Drawer";
import { testOfRun } from "../flowtests/makeTest";
import { MakeTestButton } from "../flowtests/MakeTestButton";
import { useGraph } from "../live/hooks";
import { samplesOfRun } from "../scenarios/capture";
import { KeepButton } from "../scenarios/KeepButton";
import { Icon } from "../ui/Icon";
import { HopDetail } from "./HopDetail";
import { RunTimeline } from "./RunTimeline";
import "./runs.css";
import type { TimelineRow } from "./timeline";
import { useRun, useRuns } from "./useRuns";
import { walkRows } from "../ui/walkRows";

const STATES = {
  ok: { mark: "ok", text: "Done" },
  error: { mark: "error", text: "Failed" },
  running: { mark: "working", text: "Under way" },
} as const;

/** The last recorded runs of the flow; the one that is chosen as a timeline, with its hops and their messages. */
export function RunsPanel({ onClose }: { onClose: () => void }) {
  const { runs, silent, failure, loaded } = useRuns();
  const graph = useGraph();
  const [failed, setFailed] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const [hop, setHop] = useState<TimelineRow | null>(null);
  const run = useRun(chosen);
  const openPanel = useOpenPanel();
  const shown = failed ? runs.filter(({ state }) => state === "error") : runs;
  const nameOf = (node: string | null): string =>
    node === null ? "another flow" : graph.nodes.get(node)?.label || graph.nodes.get(node)?.component || node;
  const choose = (trace: string): void => {
    setChosen(trace);
    setHop(null);
  };
  return (
    <Drawer
      name="Runs"
      onClose={onClose}
      tools={
        <>
          <button
            type="button"
            className="btn btn--plain btn--s"
            aria-pressed={failed}
            onClick={() => setFailed(!failed)}
          >
            <Icon name="filter" size="s" />
            Failed only
          </button>
          <span className="small clip grow" role="status">
            {failure !== "" && <span className="runs__error">{failure} </span>}
            {silent.length > 0 && <span className="muted">No answer from {silent.join(", ")}</span>}
          </span>
        </>
      }
    >
      <div className={hop ? "runs__body runs__body--hop" : "runs__body"}>
        <ul className="runs__list" aria-label="Last runs" onKeyDown={walkRows}>
          {shown.map((one) => (
            <RunRow
              key={one.trace}
              run={one}
              chosen={one.trace === chosen}
              name={nameOf(one.node)}
              onChoose={choose}
            />
          ))}
          {loaded && shown.length === 0 && (
            <li className="muted small runs__none">
              {failed ? "No run has failed lately." : "No run is remembered yet. Send the flow a message."}
            </li>
          )}
          {!loaded && <li className="muted small runs__none">Asking the hosts …</li>}
        </ul>
        <div className="runs__detail">
          {typeof run === "string" ? (
            <p className="runs__error runs__hint">{run}</p>
          ) : run ? (
            <>
              {run.error && (
                <p className="runs__failure is-error">
                  <i className="mark" aria-hidden="true" />
                  <span className="clip" title={run.error.message}>
                    {plainWords(run.error.message, graph)}
                  </span>
                </p>
              )}
              <RunTimeline
                key={run.trace}
                run={run}
                chosen={hop?.span.id ?? null}
                onChoose={(row) => setHop(row.span.id === hop?.span.id ? null : row)}
                nameOf={nameOf}
                tools={
                  <>
                    <MakeTestButton name={`${nameOf(run.node)} as it was`} body={() => testOfRun(run)} />
                    <KeepButton
                      name={`${nameOf(run.node)} ${new Date(run.at).toLocaleTimeString("en-GB")}`}
                      captured={() => samplesOfRun(run)}
                      show={() => openPanel("scenarios")}
                    />
                  </>
                }
              />
            </>
          ) : (
            <div className="drawer__empty">
              <Icon name="clock" size="l" />
              <p className="strong">{chosen === null ? "Choose a run" : "Asking the hosts …"}</p>
              <p className="small">Its hops show here over their time, and can be replayed on the canvas.</p>
            </div>
          )}
        </div>
        {hop && (
          <div className="drawer__side">
            <HopDetail row={hop} name={nameOf(hop.span.node)} />
          </div>
        )}
      </div>
    </Drawer>
  );
}

interface RunRowProps {
  run: RunSummary;
  chosen: boolean;
  name: string;
  onChoose: (trace: string) => void;
}

function RunRow({ run, chosen, name, onChoose }: RunRowProps) {
  const { mark, text } = STATES[run.state];
  return (
    <li>
      <button
        type="button"
        className={`runs__row is-${mark}`}
        aria-pressed={chosen}
        title={run.error?.message}
        onClick={() => onChoose(run.trace)}
      >
        <i className="mark" aria-hidden="true" />
        <span className="unseen">{text}</span>
        <span className="grow clip">{name}</span>
        <time className="muted num" dateTime={new Date(run.at).toISOString()}>
          {new Date(run.at).toLocaleTimeString("en-GB")}
        </time>
        <span className="timeline__time">
          {run.duration_ms === null ? text : durationText(run.duration_ms)}
        </span>
      </button>
    </li>
  );
}
