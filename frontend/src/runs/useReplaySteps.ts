import { useEffect, useMemo, useState } from "react";
import { useActionContext } from "../actions/context";
import type { Run } from "../core/types";
import { useEditor } from "../live/hooks";
import { useReplay } from "../live/replay";
import { pausesOf, stepsOf, type Step } from "./replaySteps";

/** In a larger flow the view follows the message; a smaller one is shown whole. */
const FOLLOW_ABOVE = 60;

export interface Replaying {
  readonly steps: readonly Step[];
  /** The step that is shown; -1: none. */
  readonly at: number;
  readonly playing: boolean;
  /** Without motion a person goes from step to step. */
  readonly mayPlay: boolean;
  go(step: number): void;
  play(playing: boolean): void;
  end(): void;
}

/** A run's replay on the canvas: stepped or played, and over when whoever shows it goes. */
export function useReplaySteps(run: Run): Replaying {
  const replay = useReplay();
  const editor = useEditor();
  const { view, canvas } = useActionContext();
  const steps = useMemo(() => stepsOf(run.spans), [run]);
  const pauses = useMemo(() => pausesOf(steps), [steps]);
  const [at, setAt] = useState(-1);
  const [playing, setPlaying] = useState(false);
  const mayPlay = useMemo(() => !matchMedia("(prefers-reduced-motion: reduce)").matches, []);

  useEffect(() => {
    const step = steps[at];
    if (!step) return;
    replay.show(step.lights);
    const node = step.span?.node;
    // Whoever looks from far wants to see the run cross the whole flow.
    if (editor.graph.nodes.size > FOLLOW_ABOVE && node && !canvas.far.get()) view.show(node);
  }, [steps, at, replay, editor, view, canvas]);
  useEffect(() => () => replay.end(), [replay, run]);
  useEffect(() => {
    if (!playing || at >= steps.length - 1) return;
    const timer = setTimeout(() => setAt(at + 1), at < 0 ? 0 : (pauses[at] ?? 0));
    return () => clearTimeout(timer);
  }, [playing, at, steps, pauses]);

  return {
    steps,
    at,
    playing: playing && at < steps.length - 1,
    mayPlay,
    go(step) {
      if (at < 0 && editor.graph.nodes.size <= FOLLOW_ABOVE) view.fit();
      setPlaying(false);
      setAt(Math.min(steps.length - 1, Math.max(0, step)));
    },
    play(wanted) {
      if (wanted && at < 0 && editor.graph.nodes.size <= FOLLOW_ABOVE) view.fit();
      if (wanted && (at < 0 || at >= steps.length - 1)) setAt(0);
      setPlaying(wanted);
    },
    end() {
      setPlaying(false);
      setAt(-1);
      replay.end();
    },
  };
}
