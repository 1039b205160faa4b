import { ICONS, type IconName } from "./icons";

interface IconProps {
  name: IconName;
  /** s: 14 px, m: 16 px (as drawn), l: 20 px. */
  size?: "s" | "m" | "l";
}

/** An icon beside text or inside a labelled control; silent for screen readers. */
export function Icon({ name, size = "m" }: IconProps) {
  return (
    <svg className={size === "m" ? "icon" : `icon icon--${size}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={ICONS[name]} />
    </svg>
  );
}
