import { Icon } from "../ui/Icon";
import { Tile } from "../ui/Tile";
import type { Group } from "./groups";

interface PaletteRailProps {
  groups: Group[];
  /** Unfolds the palette with this text in its search. */
  onOpen: (query: string) => void;
}

/** The folded palette: search, and one tile per category. */
export function PaletteRail({ groups, onOpen }: PaletteRailProps) {
  return (
    <aside className="palette palette--folded" aria-label="Components">
      <button
        type="button"
        className="btn btn--plain btn--icon"
        aria-label="Show the components"
        title="Show the components"
        aria-expanded={false}
        onClick={() => onOpen("")}
      >
        <Icon name="search" />
      </button>
      {groups.map(({ category }) => (
        <button
          key={category}
          type="button"
          className="palette__railtile"
          aria-label={`Show ${category}`}
          title={category}
          onClick={() => onOpen(category)}
        >
          <Tile icon="" category={category} size="m" />
        </button>
      ))}
    </aside>
  );
}
