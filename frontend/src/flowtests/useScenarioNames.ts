import { useEffect } from "react";
import { useReadable } from "../live/hooks";
import type { Scenarios } from "../scenarios/store";

/** The names of the flow's scenarios, read when first needed. */
export function useScenarioNames(store: Scenarios): readonly string[] {
  const { scenarios, loaded } = useReadable(store.listed);
  useEffect(() => {
    if (!loaded) void store.load();
  }, [store, loaded]);
  return scenarios.map(({ name }) => name);
}
