import { COLOURS, type Colour } from "../../core/types";
import { Icon } from "../../ui/Icon";
import type { IconName } from "../../ui/icons";

export interface Tool {
  readonly icon: IconName;
  readonly label: string;
  readonly run: () => void;
}

interface FrameToolsProps {
  colour: Colour;
  onColour: (colour: Colour) => void;
  tools: readonly Tool[];
}

/** What can be done with the frame that is picked. */
export function FrameTools({ colour, onColour, tools }: FrameToolsProps) {
  return (
    <div className="frame__tools nodrag" data-tool role="toolbar" aria-label="Frame">
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
  );
}
