import type { Field } from "../../forms/schema/fields";
import type { Json } from "../../forms/schema/types";
import { readable } from "./format";

interface ReadingProps {
  field: Field;
  value: Json | undefined;
}

/** The one live value that matters most, large. */
export function Reading({ field, value }: ReadingProps) {
  const text = readable(value, field.schema);
  return (
    <div className="reading" title={field.schema.description}>
      <p className="small muted" id={`reading:${field.name}`}>
        {field.label}
      </p>
      <output className="reading__value clip" aria-labelledby={`reading:${field.name}`} title={text}>
        {text}
      </output>
    </div>
  );
}
