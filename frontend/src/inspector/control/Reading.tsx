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
  const link = /^https?:\/\/\S+$/.test(text);
  const worded = typeof value === "string";
  return (
    <div className="reading" title={field.schema.description}>
      <p className="small muted" id={`reading:${field.name}`}>
        {field.label}
      </p>
      <output
        className={`reading__value clip ${worded ? "reading__value--text" : ""}`}
        aria-labelledby={`reading:${field.name}`}
        title={text}
      >
        {link ? (
          <a href={text} target="_blank" rel="noreferrer">
            {text}
          </a>
        ) : (
          text
        )}
      </output>
    </div>
  );
}
