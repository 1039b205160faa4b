import { createContext, useContext, type ReactNode } from "react";
import type { FlowApi } from "../core/api";
import type { MappingApi } from "../core/mappingTypes";
import type { EditorHandle } from "../core/editorTypes";
import type { Checks } from "./checks";
import type { LiveStore } from "./store";

/** What one open flow consists of; made once by main.tsx. */
export interface OpenFlow {
  editor: EditorHandle;
  live: LiveStore;
  checks: Checks;
  runs: Pick<FlowApi, "runs" | "run" | "stack">;
  /** Looks on the server for text that this page has not read; absent where it has read all. */
  find?: FlowApi["find"];
  /** Asked when it is needed; absent where there is only this flow. */
  siblings?: FlowApi["siblings"];
  /** Asked while a mapping is written; absent where nothing is worked out. */
  mappings?: MappingApi;
  /** Who pressed what last; absent where nobody can have. */
  presses?: FlowApi["presses"];
}

const FlowContext = createContext<OpenFlow | null>(null);

export function FlowProvider({ value, children }: { value: OpenFlow; children: ReactNode }) {
  return <FlowContext value={value}>{children}</FlowContext>;
}

export function useOpenFlow(): OpenFlow {
  const value = useContext(FlowContext);
  if (!value) throw new Error("No flow is open here: wrap the component in FlowProvider.");
  return value;
}
