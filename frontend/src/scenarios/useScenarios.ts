import { useCallback, useEffect, useMemo } from "react";
import type { Json } from "../core/types";
import { useReadable } from "../live/hooks";
import { scenariosOf } from "./store";
import type { Scenario } from "./types";

export interface UsedScenarios {
  readonly scenarios: readonly Scenario[];
  /** The one whose messages stand for those of the flow; null for none. */
  readonly chosen: Scenario | null;
  readonly choose: (scenario: string | null) => void;
  /** The message of a port in the chosen scenario; undefined when it has none. */
  readonly sampleOf: (node: string, port: string) => Json | undefined;
}

/** The scenarios of a flow, read when first needed, and which of them is chosen in this browser. */
export function useScenarios(flow: string): UsedScenarios {
  const store = useMemo(() => scenariosOf(flow), [flow]);
  const { scenarios, loaded } = useReadable(store.listed);
  const id = useReadable(store.chosen);
  useEffect(() => {
    if (!loaded) void store.load();
  }, [store, loaded]);
  const chosen = scenarios.find((one) => one.id === id) ?? null;
  const choose = useCallback((scenario: string | null) => store.choose(scenario), [store]);
  const sampleOf = useCallback(
    (node: string, port: string) =>
      chosen?.ports.find((sample) => sample.node === node && sample.port === port)?.data,
    [chosen],
  );
  return { scenarios, chosen, choose, sampleOf };
}
