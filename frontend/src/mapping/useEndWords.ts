import { findPort } from "../core/ports";
import { useComponent, useNode, usePorts } from "../live/hooks";

/** One end of a wire in words: `Visits: value`. */
export function useEndWords(node: string, port: string, source: boolean): string {
  const found = useNode(node);
  const component = useComponent(found?.module ?? "", found?.component ?? "");
  const label = findPort(usePorts(node), port, source)?.label;
  return `${found?.label || component?.title || found?.component || "?"}: ${label || port}`;
}
