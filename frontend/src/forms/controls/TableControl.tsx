import { useMemo } from "react";

import { FieldRow } from "../FieldRow";
import { useForm, type ControlProps } from "../FormContext";
import { fieldsOf, type Field } from "../schema/fields";
import { getAt } from "../schema/pointer";
import type { Json, Path } from "../schema/types";
import { useMore } from "../useGrowing";
import { ItemTools } from "./ItemTools";
import { ListFoot } from "./ListFoot";
import "./table.css";
import { useItems, type Items } from "./useItems";
import { useNumbered } from "./useNumbered";
import { useReorder, type Reorder } from "./useReorder";

/** A list of objects as a table: a row each, a column for each field. */
export default function TableControl({ id, path, field, value, disabled, describedBy }: ControlProps) {
  const { root } = useForm();
  const items = useItems(path, field, value);
  const reorder = useReorder(items.items.length, items.move);
  const [shown, more] = useMore();
  const columns = useMemo(() => fieldsOf(items.item.schema, root), [items.item.schema, root]);
  return (
    <div className="list">
      {!items.items.length && <p className="list__empty">Empty</p>}
      {!!items.items.length && (
        <div className="form-table" role="region" aria-label={`${field.label}: table`} tabIndex={0}>
          <table aria-labelledby={`${id}:label`} aria-describedby={describedBy}>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column.name} scope="col" title={column.schema.description}>
                    {column.label}
                    {column.required && <span className="field__required">*</span>}
                  </th>
                ))}
                {!disabled && (
                  <th scope="col">
                    <span className="unseen">Change the row</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody data-items>
              {items.items.slice(0, shown).map((entry, index) => (
                <Row
                  key={index}
                  index={index}
                  columns={columns}
                  path={[...path, index]}
                  value={entry}
                  tools={disabled ? null : { items, reorder }}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
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

interface RowProps {
  index: number;
  columns: Field[];
  path: Path;
  value: Json;
  tools: { items: Items; reorder: Reorder } | null;
}

function Row({ index, columns, path, value, tools }: RowProps) {
  return (
    <tr data-drop={tools?.reorder.drop(index)}>
      {columns.map((column) => (
        <td key={column.name}>
          <Cell
            row={index}
            column={column}
            path={[...path, column.name]}
            value={getAt(value, [column.name])}
          />
        </td>
      ))}
      {tools && (
        <td>
          <ItemTools index={index} {...tools} />
        </td>
      )}
    </tr>
  );
}

function Cell({
  row,
  column,
  path,
  value,
}: {
  row: number;
  column: Field;
  path: Path;
  value: Json | undefined;
}) {
  const field = useNumbered(column, `${column.label}, row ${row + 1}`);
  return <FieldRow field={field} path={path} value={value} bare />;
}
