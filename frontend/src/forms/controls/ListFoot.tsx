import { Icon } from "../../ui/Icon";
import type { Items } from "./useItems";

interface ListFootProps {
  id: string;
  label: string;
  items: Items;
  disabled: boolean;
  /** Items that are not drawn yet. */
  hidden: number;
  onMore: () => void;
  /** What a move is called when it is read out. */
  said: string;
}

/** Below a list: what is not shown of it, and the button that adds to it. */
export function ListFoot({ id, label, items, disabled, hidden, onMore, said }: ListFootProps) {
  const { title } = items.item.schema;
  return (
    <>
      {hidden > 0 && (
        <button type="button" className="btn btn--s" onClick={onMore}>
          Show more ({hidden} hidden)<span className="unseen"> of {label}</span>
        </button>
      )}
      {!disabled && (
        <button id={id} type="button" className="btn btn--s" disabled={items.full} onClick={items.add}>
          <Icon name="plus" />
          Add{title ? ` ${title.toLowerCase()}` : ""}
          <span className="unseen"> to {label}</span>
        </button>
      )}
      <span className="unseen" role="status">
        {said}
      </span>
    </>
  );
}
