import type { ControlProps } from "../FormContext";
import { textReading } from "./readings";
import { SourceArea } from "./SourceArea";

/** Text in the language that the schema names. */
export function CodeControl(props: ControlProps) {
  const { schema } = props.field;
  return <SourceArea {...props} reading={textReading(schema, true)} rows={6} language={schema.language} />;
}
