import { count, durationText } from "../core/format";
import { plainWords } from "../core/plainWords";
import { useEditor } from "../live/hooks";
import { CopyButton } from "../ui/CopyButton";
import { Icon } from "../ui/Icon";
import type { TimelineRow } from "./timeline";

/** One hop of a run: where, how long, how it ended, and its message where that was recorded. */
export function HopDetail({ row, name }: { row: TimelineRow; name: string }) {
  const editor = useEditor();
  const { span, own } = row;
  const { node, edge } = span;
  const text = span.message === undefined ? null : JSON.stringify(span.message, null, 2);
  return (
    <section className="stack hop" aria-label="Hop">
      <p className="line">
        <span className="strong grow clip">{name}</span>
        {node !== null && editor.graph.nodes.has(node) && (
          <button type="button" className="btn btn--plain btn--s" onClick={() => editor.reveal(node)}>
            <Icon name="right" size="s" />
            Node
          </button>
        )}
        {edge !== null && editor.graph.edges.has(edge) && (
          <button type="button" className="btn btn--plain btn--s" onClick={() => editor.reveal(edge)}>
            <Icon name="right" size="s" />
            Wire
          </button>
        )}
      </p>
      {span.error && (
        <p className="problem is-error small">
          <i className="mark" aria-hidden="true" />
          <span className="problem__text">
            {plainWords(span.error.message, editor.graph)} <code>{span.error.code}</code>
          </span>
        </p>
      )}
      <dl className="facts">
        <dt>Port</dt>
        <dd>{span.port}</dd>
        <dt>Began</dt>
        <dd>{durationText(span.start_ms)}</dd>
        <dt>Took</dt>
        <dd>{span.duration_ms === null ? "under way" : durationText(span.duration_ms)}</dd>
        <dt title="Without what lies behind it">Itself</dt>
        <dd>{own === null ? "–" : durationText(own)}</dd>
        <dt>Host</dt>
        <dd>{span.host}</dd>
        <dt>Size</dt>
        <dd>{span.bytes === null ? "–" : count(span.bytes, "byte")}</dd>
      </dl>
      {text === null ? (
        <p className="small muted">
          The message was not recorded: only those of up to 4 KiB are, while there is time.
        </p>
      ) : (
        <>
          <p className="line">
            <span className="strong small grow">Message</span>
            <CopyButton text={() => text} label="Copy" />
          </p>
          <pre className="json" tabIndex={0} aria-label="Message of the hop">
            {text}
          </pre>
        </>
      )}
    </section>
  );
}
