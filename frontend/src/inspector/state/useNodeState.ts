import { useCallback, useEffect, useRef, useState } from "react";
import { useFlow, useLive } from "../../live/hooks";
import { readState, type NodeStateTold } from "./stateApi";

/** Readings of a state that changes all the time are so far apart; milliseconds. */
const PAUSE_MS = 1_000;

export interface UsedState {
  readonly state: NodeStateTold | null;
  /** Why it is not up to date; empty when it is. */
  readonly failure: string;
  /** Reads it now. */
  readonly again: () => void;
}

/** The state of a node; read again when its live values change, once a second at most. */
export function useNodeState(node: string): UsedState {
  const flow = useFlow().id;
  const live = useLive(node);
  const value = live?.value;
  const control = live?.control;
  const [state, setState] = useState<NodeStateTold | null>(null);
  const [failure, setFailure] = useState("");
  const [wish, setWish] = useState(0);
  const asked = useRef(0);
  useEffect(() => {
    let stale = false;
    const timer = setTimeout(
      () => {
        asked.current = Date.now();
        readState(flow, node).then(
          (told) => {
            if (stale) return;
            setState(told);
            setFailure("");
          },
          (error: unknown) => {
            if (!stale) setFailure(error instanceof Error ? error.message : "The state cannot be read.");
          },
        );
      },
      Math.max(0, asked.current + PAUSE_MS - Date.now()),
    );
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [flow, node, value, control, wish]);
  const again = useCallback(() => {
    asked.current = 0;
    setWish((before) => before + 1);
  }, []);
  return { state, failure, again };
}
