import { count } from "../core/format";
import { useOpenFlow } from "../live/context";
import { useReadable } from "../live/hooks";
import { Icon } from "../ui/Icon";

interface WatchedPortsProps {
  nameOf: (node: string) => string;
  debugNodes: number;
}

/** What the drawer listens to; a watched port is let go here. */
export function WatchedPorts({ nameOf, debugNodes }: WatchedPortsProps) {
  const { taps } = useOpenFlow().live;
  const watched = useReadable(taps.watched);
  if (watched.length === 0 && debugNodes === 0) return null;
  return (
    <ul className="debug__ports" aria-label="Watched">
      {debugNodes > 0 && <li className="chip">{count(debugNodes, "debug node")}</li>}
      {watched.map(([node, port]) => (
        <li key={`${node} ${port}`} className="chip">
          <span className="clip">
            {nameOf(node)} · {port}
          </span>
          <button
            type="button"
            className="debug__unwatch"
            aria-label={`Stop watching ${nameOf(node)}, ${port}`}
            onClick={() => taps.unwatch(node, port)}
          >
            <Icon name="close" size="s" />
          </button>
        </li>
      ))}
    </ul>
  );
}
