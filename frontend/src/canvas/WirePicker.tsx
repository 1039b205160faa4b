import { useReadable } from "../live/hooks";
import { late } from "../ui/late";
import { useCanvasState } from "./canvasState";

export const InputPicker = late(() => import("./InputPicker"));

/** Wiring without a pointer: every input that an output of the chosen node may lead to. */
export function WirePicker() {
  const { wiring } = useCanvasState();
  const node = useReadable(wiring);
  return node === null ? null : <InputPicker key={node} node={node} close={() => wiring.set(null)} />;
}
