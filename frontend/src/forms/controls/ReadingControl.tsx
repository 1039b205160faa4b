import type { ControlProps } from "../FormContext";
import { readable } from "../schema/readable";

/** A value that is only shown. It may change many times a second: no input, so nothing that has the focus is touched. */
export function ReadingControl({ id, field, value, describedBy }: ControlProps) {
  const text = readable(value, field.schema);
  return (
    <output id={id} className="reading-line" aria-live="off" aria-describedby={describedBy} title={text}>
      {text}
    </output>
  );
}
