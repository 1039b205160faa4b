import { WatchButton } from "../../debug/WatchButton";
import { useNode } from "../../live/hooks";
import { isSystemPort } from "../../core/geometry";
import type { Json, NodeLive, Port } from "../../core/types";
import { UseAsTest } from "../UseAsTest";
import { LatencyBars } from "./LatencyBars";

interface MessagesProps {
  node: string;
  ports: readonly Port[];
  live: NodeLive | undefined;
}

/** The node's ports with the last message of each, as far as one went by while it is looked at. */
export function Messages({ node, ports: all, live }: MessagesProps) {
  const ports = all.filter(({ name }) => !isSystemPort(name));
  const declared = new Set(ports.map(({ name }) => name));
  const others = Object.keys(live?.last ?? {}).filter((name) => !declared.has(name));
  const stats = live?.stats;
  return (
    <div className="messages">
      {stats && (
        <dl className="facts">
          <dt>Messages</dt>
          <dd>{count(stats.count)}</dd>
          <dt>Errors</dt>
          <dd>{count(stats.errors)}</dd>
          <dt>Rate</dt>
          <dd>{stats.rate === undefined ? "–" : `${short(stats.rate)}/s`}</dd>
          <dt>In flight</dt>
          <dd>
            {count(stats.in_flight)}
            {!!stats.waiting && (
              <span className="messages__waiting"> · {count(stats.waiting)} wait for the state</span>
            )}
          </dd>
          <dt>Half of them within</dt>
          <dd>{milliseconds(stats.p50_ms)}</dd>
          <dt>95 % within</dt>
          <dd>{milliseconds(stats.p95_ms)}</dd>
          <dt>99 % within</dt>
          <dd>{milliseconds(stats.p99_ms)}</dd>
        </dl>
      )}
      <LatencyBars counts={live?.latency} />
      {ports.map((port) => (
        <PortMessage
          key={port.name}
          node={node}
          name={port.name}
          port={port}
          message={live?.last?.[port.name]}
        />
      ))}
      {others.map((name) => (
        <PortMessage key={name} node={node} name={name} port={undefined} message={live?.last?.[name]} />
      ))}
      {!ports.length && !others.length && <p className="muted">This node has no ports.</p>}
    </div>
  );
}

function PortMessage({
  node,
  name,
  port,
  message,
}: {
  node: string;
  name: string;
  port: Port | undefined;
  message: Json | undefined;
}) {
  const shown = useNode(node);
  const label = shown?.label || shown?.component || node;
  return (
    <section className="message">
      <h3 className="message__head">
        <span className="clip">{port?.label || name}</span>
        <span className="muted grow">{port ? (port.source ? "output" : "input") : ""}</span>
        {message !== undefined && (
          <UseAsTest name={`${label} · ${port?.label || name}`} seen={{ at: `${node}.${name}`, message }} />
        )}
        <WatchButton port={[node, name]} what={port?.label || name} />
      </h3>
      {message === undefined ? (
        <p className="message__none">No message seen yet</p>
      ) : (
        <pre className="message__body" tabIndex={0}>
          {JSON.stringify(message, null, 2)}
        </pre>
      )}
    </section>
  );
}

const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

function count(value: number | undefined): string {
  return value === undefined ? "–" : grouped.format(value).replace(/,/g, "\u00a0");
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? "–" : `${short(value)} ms`;
}

function short(value: number): string {
  if (value < 0.005) return "0";
  return value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2);
}
