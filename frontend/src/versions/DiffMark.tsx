import type { Differs } from "../live/past";
import { Icon } from "../ui/Icon";
import type { IconName } from "../ui/icons";

const MARKS: Record<Differs, readonly [icon: IconName, text: string]> = {
  added: ["plus", "Added"],
  removed: ["minus", "Removed"],
  changed: ["edit", "Changed"],
  moved: ["grip", "Moved"],
};

/** Says by sign and word how a thing differs from what it was. */
export function DiffMark({ differs }: { differs: Differs }) {
  const [icon, text] = MARKS[differs];
  return (
    <span className={`diffmark is-${differs}`}>
      <Icon name={icon} size="s" />
      {text}
    </span>
  );
}
