import type { ControlProps } from "../FormContext";

/** A value that the schema fixes. */
export function ConstantControl({ id, field, describedBy }: ControlProps) {
  const fixed = field.schema.const;
  return (
    <output id={id} className="input input--readonly mono" aria-describedby={describedBy}>
      {typeof fixed === "string" ? fixed : JSON.stringify(fixed)}
    </output>
  );
}
