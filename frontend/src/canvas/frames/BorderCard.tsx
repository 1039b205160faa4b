import { memo, useMemo } from "react";
import { wiredKey } from "../../core/cardLayouts";
import { count } from "../../core/format";
import { HEAD_HEIGHT } from "../../core/geometry";
import { useCan } from "../../live/hooks";
import { Icon } from "../../ui/Icon";
import { describing, type CardData } from "../canvasNodes";
import { PortDot } from "../Card";

/** What is outside of the group that fills the canvas: a port for each end of a wire that crosses its border. */
export const BorderCard = memo(function BorderCard({ id, data }: { id: string; data: CardData }) {
  const { edit } = useCan();
  const { ports, height } = data.layout;
  const wired = useMemo(() => new Set(data.wired.split("\n")), [data.wired]);
  const isEntry = ports.some(({ source }) => source);
  const way = isEntry ? "From outside" : "To outside";
  const [only] = ports;
  return (
    <div className={height > HEAD_HEIGHT ? "card card--border card--rows" : "card card--border"}>
      <span className="tile card__fold">
        <Icon name={isEntry ? "enter" : "leave"} size="s" />
      </span>
      <h3 className="card__name clip">{ports.length === 1 && only ? only.label : way}</h3>
      <p id={describing(id)} className="card__live">
        {ports.length === 1 ? way : count(ports.length, "port")}
      </p>
      {ports.map((port) => (
        <PortDot key={port.name} port={port} wired={wired.has(wiredKey(port))} edit={edit} />
      ))}
    </div>
  );
});
