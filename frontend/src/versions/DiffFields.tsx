import type { DiffField } from "./types";
import { pathText, valueText } from "./words";

/** What each field was and is. */
export function DiffFields({ fields }: { fields: readonly DiffField[] }) {
  return (
    <dl className="versions__fields">
      {fields.map((field) => {
        const path = pathText(field);
        return (
          <div key={path}>
            <dt>{path}</dt>
            <dd>
              <del aria-label="Before">{valueText(field.before)}</del>
              <span aria-hidden="true"> → </span>
              <ins aria-label="After">{valueText(field.after)}</ins>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
