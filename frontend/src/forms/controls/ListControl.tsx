import { Icon } from "../../ui/Icon";
import { submit } from "../draft/submit";
import { FieldRow } from "../FieldRow";
import { useForm, type ControlProps } from "../FormContext";
import { blank } from "../schema/blank";
import { fieldOf } from "../schema/fields";
import { resolve } from "../schema/resolve";
import type { Json } from "../schema/types";
import { useValueDraft } from "../useValueDraft";

/** Items in order: add, remove, move. Drafts travel with their item. */
export function ListControl({ path, field, value, disabled }: ControlProps) {
  const { root, target } = useForm();
  const draft = useValueDraft(path, value);
  const items = Array.isArray(draft.value) ? draft.value : [];
  const declared = typeof field.schema.items === "object" ? field.schema.items : {};
  const item = fieldOf("item", resolve(declared, root));
  const full = field.schema.maxItems !== undefined && items.length >= field.schema.maxItems;

  const rearrange = (next: Json[], place: (index: number) => number | null) => {
    target.drafts.rename(target.key, path, (step) => place(Number(step)));
    void submit(target, path, next);
  };
  const remove = (index: number) =>
    rearrange(items.toSpliced(index, 1), (at) => (at === index ? null : at > index ? at - 1 : at));
  const raise = (index: number) => {
    const moved = items[index];
    if (moved === undefined) return;
    const place = (at: number) => (at === index ? index - 1 : at === index - 1 ? index : at);
    rearrange(items.toSpliced(index, 1).toSpliced(index - 1, 0, moved), place);
  };

  return (
    <div className="list">
      {!items.length && (
        <p className="list__empty">{field.schema.nullable && draft.value === null ? "Not set" : "Empty"}</p>
      )}
      <ol>
        {items.map((entry, index) => (
          // Items have no identity of their own: their place is what the flow knows them by.
          <li key={index} className="list__item">
            <FieldRow
              field={{ ...item, label: `${item.schema.title ?? "Item"} ${index + 1}` }}
              path={[...path, index]}
              value={entry}
            />
            {!disabled && (
              <span className="list__tools">
                {index > 0 && (
                  <button type="button" aria-label={`Move item ${index + 1} up`} onClick={() => raise(index)}>
                    <Icon name="up" size="s" />
                  </button>
                )}
                <button type="button" aria-label={`Remove item ${index + 1}`} onClick={() => remove(index)}>
                  <Icon name="close" size="s" />
                </button>
              </span>
            )}
          </li>
        ))}
      </ol>
      {!disabled && (
        <button
          type="button"
          className="btn btn--s"
          disabled={full}
          onClick={() => draft.change([...items, blank(item.schema, root)])}
        >
          <Icon name="plus" />
          Add{item.schema.title ? ` ${item.schema.title.toLowerCase()}` : ""}
          <span className="unseen"> to {field.label}</span>
        </button>
      )}
    </div>
  );
}
