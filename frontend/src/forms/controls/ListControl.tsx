import { FieldRow } from "../FieldRow";
import type { ControlProps } from "../FormContext";
import { useMore } from "../useGrowing";
import { ItemTools } from "./ItemTools";
import { ListFoot } from "./ListFoot";
import { useItems } from "./useItems";
import { useNumbered } from "./useNumbered";
import { useReorder } from "./useReorder";

/** Items in order: add, remove, move. */
export function ListControl({ id, path, field, value, disabled }: ControlProps) {
  const items = useItems(path, field, value);
  const reorder = useReorder(items.items.length, items.move);
  const [shown, more] = useMore();
  return (
    <div className="list">
      {!items.items.length && (
        <p className="list__empty">{field.schema.nullable && items.unset ? "Not set" : "Empty"}</p>
      )}
      <ol data-items>
        {items.items.slice(0, shown).map((entry, index) => (
          // Items have no identity of their own: their place is what the flow knows them by.
          <li key={index} className="list__item" data-drop={reorder.drop(index)}>
            <Item items={items} index={index} path={path} value={entry} />
            {!disabled && <ItemTools index={index} items={items} reorder={reorder} />}
          </li>
        ))}
      </ol>
      <ListFoot
        id={id}
        label={field.label}
        items={items}
        disabled={disabled}
        hidden={items.items.length - shown}
        onMore={more}
        said={reorder.said}
      />
    </div>
  );
}

interface ItemProps {
  items: ReturnType<typeof useItems>;
  index: number;
  path: ControlProps["path"];
  value: ControlProps["value"];
}

function Item({ items: { item }, index, path, value }: ItemProps) {
  const field = useNumbered(item, `${item.schema.title ?? "Item"} ${index + 1}`);
  return <FieldRow field={field} path={[...path, index]} value={value} />;
}
