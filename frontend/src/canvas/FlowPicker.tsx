import { useReadable } from "../live/hooks";
import { late } from "../ui/late";
import { useCanvasState } from "./canvasState";

export const OtherFlows = late(() => import("./OtherFlows"));

/** The other flows of the project, to show the selected nodes in or to move them to. */
export function FlowPicker() {
  const { sending } = useCanvasState();
  const deed = useReadable(sending);
  return deed && <OtherFlows deed={deed} close={() => sending.set(null)} />;
}
