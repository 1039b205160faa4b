import { fieldsOf, type Field } from "../../forms/schema/fields";
import { resolve, typeOf } from "../../forms/schema/resolve";
import { isObject, type Json, type Resolved, type Schema } from "../../forms/schema/types";
import { readable } from "./format";

/** Rows and columns that fit into the panel. */
const MAX_ROWS = 20;
const MAX_COLUMNS = 4;

interface HistoryProps {
  field: Field;
  value: Json | undefined;
  root: Schema;
}

/** A live list: one row per item, the columns from the item's schema. */
export function History({ field, value, root }: HistoryProps) {
  const items = Array.isArray(value) ? value : [];
  const item = resolve(isObject(field.schema.items) ? (field.schema.items as Schema) : {}, root);
  const columns = fieldsOf(item, root).slice(0, MAX_COLUMNS);
  const rows = items.slice(0, MAX_ROWS);
  return (
    <div className="history">
      <p className="field__label">
        <span className="grow">{field.label}</span>
        {items.length > rows.length && (
          <span className="muted num">{`${rows.length} of ${items.length}`}</span>
        )}
      </p>
      {!rows.length && <p className="small muted">Nothing yet</p>}
      {!!rows.length && (
        <table>
          {columns.length > 0 && (
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column.name} scope="col" className={alignment(column.schema)}>
                    {column.label}
                  </th>
                ))}
              </tr>
            </thead>
          )}
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {columns.length > 0 && isObject(row) ? (
                  columns.map((column) => (
                    <td key={column.name} className={alignment(column.schema)}>
                      {readable(row[column.name], column.schema)}
                    </td>
                  ))
                ) : (
                  <td colSpan={Math.max(columns.length, 1)}>{readable(row, item)}</td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function alignment(schema: Resolved): string {
  const type = typeOf(schema);
  return type === "number" || type === "integer" ? "is-number" : "";
}
