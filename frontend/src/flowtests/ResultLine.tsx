import { plainWords } from "../core/plainWords";
import { useGraph } from "../live/hooks";
import { isStale } from "./store";
import type { FlowTest } from "./types";

const OUTCOMES = {
  passed: { mark: "ok", text: "Passed" },
  failed: { mark: "error", text: "Failed" },
  error: { mark: "error", text: "Could not be run" },
} as const;

/** How a test stands, in a word and the sign for it. */
export function outcomeOf(test: FlowTest, running: boolean): { mark: string; text: string } {
  if (running) return { mark: "working", text: "Running" };
  return test.result ? OUTCOMES[test.result.outcome] : { mark: "idle", text: "Not run yet" };
}

/** What became of a test last, and whether that is still true. */
export function ResultLine({
  test,
  flowRev,
  running,
}: {
  test: FlowTest;
  flowRev: number;
  running: boolean;
}) {
  const graph = useGraph();
  const { mark, text } = outcomeOf(test, running);
  const { result } = test;
  const stale = !running && isStale(test, flowRev);
  return (
    <div className={`tests__result is-${mark}`} role="status">
      <i className={running ? "mark is-turning" : "mark"} aria-hidden="true" />
      <span className="strong">{text}</span>
      {result && !running && (
        <span className="muted small num">
          {`${String(Math.max(1, Math.round(result.seconds * 1000)))} ms`}
          {result.passed >= 1 && ` · ${duration(result.passed)} in the flow`}
        </span>
      )}
      {stale && (
        <span className="chip" title="The test or the flow was edited after it was run: run it again">
          Before the last edit
        </span>
      )}
      {result?.problem && !running && (
        <span className="small tests__problem" title={result.problem.message}>
          {plainWords(result.problem.message, graph)}
        </span>
      )}
    </div>
  );
}

function duration(seconds: number): string {
  if (seconds < 120) return `${String(Math.round(seconds))} s`;
  return seconds < 7200
    ? `${String(Math.round(seconds / 60))} min`
    : `${String(Math.round(seconds / 3600))} h`;
}
