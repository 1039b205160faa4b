import { useEffect } from "react";
import { useReplay } from "../live/replay";
import { heldOf, lightsOf } from "./lights";
import { TestMark } from "./TestMark";
import type { TestResult } from "./types";

/** Shows on the canvas which way a test's messages took and what held where, as long as its result is looked at. */
export function useCanvasResult(result: TestResult | null): void {
  const replay = useReplay();
  useEffect(() => {
    if (!result || result.steps.length === 0) return;
    const marks = [...heldOf(result)].map(
      ([node, held]) => [node, <TestMark key={node} {...held} />] as const,
    );
    replay.show(lightsOf(result), new Map(marks));
    return () => replay.end();
  }, [replay, result]);
}
