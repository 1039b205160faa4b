import { Icon } from "../../ui/Icon";
import type { Items } from "./useItems";
import type { Reorder } from "./useReorder";

interface ItemToolsProps {
  index: number;
  items: Items;
  reorder: Reorder;
}

/** The handle that moves an item, and the button that removes it. */
export function ItemTools({ index, items, reorder }: ItemToolsProps) {
  return (
    <span className="list__tools">
      {items.items.length > 1 && (
        <button
          type="button"
          className="list__handle"
          aria-label={`Move item ${index + 1}`}
          title="Drag, or use the arrow keys"
          {...reorder.handle(index)}
        >
          <Icon name="grip" size="s" />
        </button>
      )}
      <button type="button" aria-label={`Remove item ${index + 1}`} onClick={() => items.remove(index)}>
        <Icon name="close" size="s" />
      </button>
    </span>
  );
}
