import { durationText } from "../core/format";
import { Icon } from "../ui/Icon";
import type { IconName } from "../ui/icons";
import type { Replaying } from "./useReplaySteps";

/** Replay of a run on the canvas: back, play, on, and where it is. */
export function ReplayBar({
  replay,
  nameOf,
}: {
  replay: Replaying;
  nameOf: (node: string | null) => string;
}) {
  const { steps, at, playing, mayPlay } = replay;
  const step = steps[at];
  const button = (icon: IconName, label: string, run: () => void, disabled = false) => (
    <button
      type="button"
      className="btn btn--plain btn--icon btn--s"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={run}
    >
      <Icon name={icon} />
    </button>
  );
  return (
    <div className="replay" role="group" aria-label="Replay on the canvas">
      {button("stepback", "One step back", () => replay.go(at - 1), at <= 0)}
      {mayPlay &&
        button(playing ? "pause" : "play", playing ? "Pause the replay" : "Replay on the canvas", () =>
          replay.play(!playing),
        )}
      {button("stepforward", "One step on", () => replay.go(at + 1), at >= steps.length - 1)}
      <span className="replay__where small num clip" role="status">
        {step &&
          `${String(at + 1)} of ${String(steps.length)} · ${durationText(step.at)} · ${
            step.span ? `${nameOf(step.span.node)} · ${step.span.port}` : "the end"
          }`}
      </span>
      {step && button("close", "End the replay", () => replay.end())}
    </div>
  );
}
