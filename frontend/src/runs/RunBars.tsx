import { durationText } from "../core/format";
import type { Run, RunSpan } from "../core/types";
import { useEditor, useGraph } from "../live/hooks";

/** The hops of one run as bars over its time; pressing one selects its node. */
export function RunBars({ run }: { run: Run }) {
  const editor = useEditor();
  const { nodes } = useGraph();
  const ends = run.spans.map(({ start_ms, duration_ms }) => start_ms + (duration_ms ?? 0));
  const whole = Math.max(run.duration_ms ?? 0, ...ends, 0.001);
  return (
    <>
      {run.error && <p className="runs__error">{run.error.message}</p>}
      <ol className="runs__bars" aria-label="Hops of the run">
        {run.spans.map((span) => (
          <li key={`${span.host} ${span.id}`}>
            <button
              type="button"
              className={`runs__hop ${span.error ? "is-error" : "is-working"}`}
              title={span.error?.message ?? `${span.port} on ${span.host}`}
              disabled={span.node === null}
              onClick={() => span.node !== null && editor.select({ nodes: [span.node] })}
            >
              <span className="runs__name clip">
                {(span.node !== null && nodes.get(span.node)?.label) || span.node || "another flow"}
                <span className="muted"> {span.port}</span>
              </span>
              <span className="runs__track" aria-hidden="true">
                <i
                  style={{
                    insetInlineStart: `${String((span.start_ms / whole) * 100)}%`,
                    width: `${String(((span.duration_ms ?? whole - span.start_ms) / whole) * 100)}%`,
                  }}
                />
              </span>
              <span className="runs__time">{timeOf(span)}</span>
              {span.error && <span className="unseen">failed: {span.error.message}</span>}
            </button>
          </li>
        ))}
      </ol>
      {run.cut && <p className="small muted">Only the first hops of this run are kept.</p>}
      {!run.whole && <p className="small muted">Where this run began is not remembered any more.</p>}
    </>
  );
}

function timeOf({ duration_ms }: RunSpan): string {
  return duration_ms === null ? "under way" : durationText(duration_ms);
}
