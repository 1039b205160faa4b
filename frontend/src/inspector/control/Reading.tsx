import type { Field } from "../../forms/schema/fields";
import type { Json } from "../../forms/schema/types";
import { Chart } from "./chart/Chart";
import { chartOf } from "./fields";
import { readable } from "./format";

interface ReadingProps {
  node: string;
  field: Field;
  value: Json | undefined;
}

/** A live value that matters, large; over time where its author, or the widget, asks for it. */
export function Reading({ node, field, value }: ReadingProps) {
  const text = readable(value, field.schema);
  const link = /^https?:\/\/\S+$/.test(text);
  const worded = typeof value === "string";
  const chart = chartOf(field.schema);
  const id = `reading:${node}:${field.name}`;
  return (
    <div className="reading" title={field.schema.description}>
      <p className="small muted" id={id}>
        {field.label}
      </p>
      <output
        className={`reading__value clip ${worded ? "reading__value--text" : ""}`}
        aria-labelledby={id}
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
      {chart && (
        <Chart
          name={`${node}:${field.name}`}
          label={field.label}
          kind={chart}
          value={typeof value === "number" ? value : undefined}
          write={(number) => readable(number, field.schema)}
        />
      )}
    </div>
  );
}
