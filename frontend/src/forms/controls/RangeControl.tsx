import { useState } from "react";

import { submit } from "../draft/submit";
import { useForm, type ControlProps } from "../FormContext";

/** A number between two others, slid: it is sent when one lets go. */
export function RangeControl({ id, path, field, value, describedBy, invalid, disabled }: ControlProps) {
  const { target } = useForm();
  const [slid, setSlid] = useState<number | null>(null);
  const { minimum = 0, maximum = 100 } = field.schema;
  const standing = typeof value === "number" ? value : minimum;
  const shown = slid ?? standing;
  const whole = field.schema.type === "integer";
  const letGo = (): void => {
    if (slid !== null && slid !== standing) void submit(target, path, slid);
    setSlid(null);
  };
  return (
    <div className="slider">
      <input
        id={id}
        type="range"
        min={minimum}
        max={maximum}
        step={field.schema.step ?? field.schema.multipleOf ?? (whole ? 1 : "any")}
        value={shown}
        disabled={disabled}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        onChange={(event) => setSlid(event.target.valueAsNumber)}
        onPointerUp={letGo}
        onKeyUp={letGo}
        onBlur={letGo}
      />
      <output htmlFor={id} className="num">
        {String(Number(shown.toPrecision(12)))}
      </output>
    </div>
  );
}
