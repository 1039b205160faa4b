import { durationText } from "../../core/format";
import type { EdgeLive, FlowEdge, Json, Port } from "../../core/types";
import { WatchButton } from "../../debug/WatchButton";
import { useLive, useNode } from "../../live/hooks";
import { UseAsTest } from "../UseAsTest";

interface WireMessagesProps {
  edge: FlowEdge;
  live: EdgeLive | undefined;
  out: Port | undefined;
  into: Port | undefined;
}

/** What is under way on a wire, and the newest message at either end of it. */
export function WireMessages({ edge, live, out, into }: WireMessagesProps) {
  const source = useLive(edge.source);
  const target = useLive(edge.target);
  const sent = source?.last?.[edge.source_port];
  const arrived = target?.last?.[edge.target_port];
  const from = useNode(edge.source);
  const name = from?.label || from?.component || edge.source;
  return (
    <section aria-label="Messages of the wire" className="messages">
      <h3 className="line">
        <span className="grow">Messages</span>
        {sent !== undefined && (
          <UseAsTest
            name={`${name} · ${out?.label || edge.source_port}`}
            seen={{ at: `${edge.source}.${edge.source_port}`, message: sent }}
            {...(arrived === undefined
              ? {}
              : { arrived: { at: `${edge.target}.${edge.target_port}`, message: arrived } })}
          />
        )}
        <WatchButton port={[edge.source, edge.source_port]} what="this wire" />
      </h3>
      {live?.in_flight !== undefined && (
        <dl className="facts">
          <dt>Under way</dt>
          <dd>{live.in_flight}</dd>
          <dt title="At most so many of them wait for the target instead of being worked on">Waiting</dt>
          <dd>{live.queued ?? 0}</dd>
          <dt>Half of them within</dt>
          <dd>{live.p50_ms === undefined ? "–" : durationText(live.p50_ms)}</dd>
          <dt>95 % within</dt>
          <dd>{live.p95_ms === undefined ? "–" : durationText(live.p95_ms)}</dd>
        </dl>
      )}
      <Last title={`Sent from ${out?.label || edge.source_port}`} message={sent} />
      <Last title={`Arrived at ${into?.label || edge.target_port}`} message={arrived} />
    </section>
  );
}

function Last({ title, message }: { title: string; message: Json | undefined }) {
  return (
    <div className="message">
      <h4 className="small quiet">{title}</h4>
      {message === undefined ? (
        <p className="message__none">No message seen yet</p>
      ) : (
        <pre className="message__body" tabIndex={0} aria-label={title}>
          {JSON.stringify(message, null, 2)}
        </pre>
      )}
    </div>
  );
}
