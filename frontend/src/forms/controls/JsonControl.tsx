import type { ControlProps } from "../FormContext";
import { jsonReading } from "./readings";
import { SourceArea } from "./SourceArea";

/** Any value as JSON text: for what no other control fits. */
export function JsonControl(props: ControlProps) {
  return <SourceArea {...props} reading={jsonReading} rows={3} language="JSON" />;
}
