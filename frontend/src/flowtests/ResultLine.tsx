import { plainWords } from "../core/plainWords";
import { useGraph } from "../live/hooks";
import { Icon } from "../ui/Icon";
import { inNames } from "./places";
import { isStale, type Phase } from "./store";
import type { FlowTest } from "./types";

const OUTCOMES = {
  passed: { mark: "ok", text: "Passed" },
  failed: { mark: "error", text: "Failed" },
  error: { mark: "error", text: "Could not be run" },
} as const;

/** How a test stands, in a word and the sign for it. */
export function outcomeOf(test: FlowTest, phase: Phase): { mark: string; text: string } {
  if (phase === "runs") return { mark: "working", text: "Running" };
  if (phase === "waits") return { mark: "idle", text: "Waits for its turn" };
  return test.result ? OUTCOMES[test.result.outcome] : { mark: "idle", text: "Not run yet" };
}

/** What became of a test last, and whether that is still true. */
export function ResultLine({
  test,
  stale: all,
  phase,
  onAnswer,
}: {
  test: FlowTest;
  stale: ReadonlySet<string>;
  phase: Phase;
  /** Says what a node gives that wanted to call another machine; null for those who may not. */
  onAnswer: ((node: string) => void) | null;
}) {
  const graph = useGraph();
  const { mark, text } = outcomeOf(test, phase);
  const { result } = test;
  const running = phase !== "rests";
  const stale = !running && isStale(test, all);
  const { code, node } = result?.problem ?? {};
  const denied =
    !running && code === "outbound_denied" && node !== undefined && graph.nodes.has(node) ? node : null;
  return (
    <div className={`tests__result is-${mark}`}>
      <i className={phase === "runs" ? "mark is-turning" : "mark"} aria-hidden="true" />
      <span className="strong">{text}</span>
      {result && !running && (
        <span className="muted small num">
          {`${String(Math.max(1, Math.round(result.seconds * 1000)))} ms`}
          {result.passed >= 1 && ` · ${duration(result.passed)} in the flow`}
        </span>
      )}
      {stale && (
        <span
          className="chip"
          title="The test, or something in the flow that matters to it, was edited after it was run: run it again"
        >
          Before the last edit
        </span>
      )}
      {result?.problem && !running && (
        <span className="small tests__problem" title={result.problem.message}>
          {inNames(plainWords(result.problem.message, graph), graph)}
        </span>
      )}
      {denied && onAnswer && (
        <button type="button" className="btn btn--s" onClick={() => onAnswer(denied)}>
          <Icon name="reply" size="s" />
          Answer for it
        </button>
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
