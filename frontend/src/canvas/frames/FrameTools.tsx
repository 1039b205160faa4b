import { useStore, ViewportPortal } from "@xyflow/react";
import type { Point, Rect } from "../../core/geometry";
import { COLOURS, type Colour } from "../../core/types";
import { Icon } from "../../ui/Icon";
import type { IconName } from "../../ui/icons";
import { seenPart } from "../useView";
import { toolsPlace } from "./toolsPlace";

export interface Tool {
  readonly icon: IconName;
  readonly label: string;
  readonly run: () => void;
}

interface FrameToolsProps {
  /** The frame that they belong to, where it is drawn. */
  frame: Rect;
  colour: Colour;
  onColour: (colour: Colour) => void;
  tools: readonly Tool[];
}

/** What can be done with the frame that is picked. Before the cards, which may lie where the bar has to be. */
export function FrameTools({ frame, colour, onColour, tools }: FrameToolsProps) {
  const { x, y } = useStore((state) => toolsPlace(frame, seenPart(state)), isSame);
  return (
    <ViewportPortal>
      <div
        className="frame__tools nodrag nopan"
        style={{ left: x, top: y }}
        data-tool
        role="toolbar"
        aria-label="Frame"
      >
        {COLOURS.map((one) => (
          <button
            key={one}
            type="button"
            className={`frame__swatch is-${one}`}
            aria-label={`Colour ${one}`}
            aria-pressed={one === colour}
            title={one}
            onClick={() => onColour(one)}
          />
        ))}
        <span className="rule" />
        {tools.map(({ icon, label, run }) => (
          <button
            key={label}
            type="button"
            className="btn btn--plain btn--icon btn--s"
            aria-label={label}
            title={label}
            onClick={run}
          >
            <Icon name={icon} size="s" />
          </button>
        ))}
      </div>
    </ViewportPortal>
  );
}

function isSame(one: Point, other: Point): boolean {
  return one.x === other.x && one.y === other.y;
}
