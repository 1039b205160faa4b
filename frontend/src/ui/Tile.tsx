import { Icon } from "./Icon";
import { iconOf, tintOf } from "./icons";

interface TileProps {
  icon: string;
  category: string;
  /** s: 20 px on cards, m: 28 px in lists, l: 32 px in headers. */
  size?: "s" | "m" | "l";
}

/** A component's icon on the tint of its category. */
export function Tile({ icon, category, size = "s" }: TileProps) {
  const measure = size === "s" ? "" : ` tile--${size}`;
  return (
    <span className={`tile tile--${tintOf(category)}${measure}`}>
      <Icon name={iconOf(icon, category)} />
    </span>
  );
}
