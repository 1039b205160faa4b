import { Icon } from "../ui/Icon";
import type { Entry } from "./useVersions";
import { pointText, whenText } from "./words";

/** A state in the list: by its name, or by who changed how much. */
export function EntryRow({
  entry,
  chosen,
  onChoose,
}: {
  entry: Entry;
  chosen: boolean;
  onChoose: () => void;
}) {
  const { version, point } = entry;
  const at = version?.at ?? point?.at ?? "";
  return (
    <li>
      <button type="button" className="versions__row" aria-pressed={chosen} onClick={onChoose}>
        <Icon name={version ? "pin" : "clock"} size="s" />
        <span className={version ? "grow clip strong" : "grow clip muted"}>
          {version?.name ?? (point ? pointText(point) : "")}
        </span>
        <time className="muted small num" dateTime={at}>
          {whenText(at)}
        </time>
      </button>
    </li>
  );
}
