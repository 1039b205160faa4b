import { useOpenPanel } from "../actions/context";
import type { TapPort } from "../core/types";
import { useOpenFlow } from "../live/context";
import { useReadable } from "../live/hooks";
import { Icon } from "../ui/Icon";

/** Has a port's messages shown one by one in the debug drawer, or no more. */
export function WatchButton({ port, what }: { port: TapPort; what: string }) {
  const { taps } = useOpenFlow().live;
  const open = useOpenPanel();
  const [node, name] = port;
  const watched = useReadable(taps.watched).some(([id, one]) => id === node && one === name);
  return (
    <button
      type="button"
      className="btn btn--plain btn--s"
      aria-pressed={watched}
      title={watched ? `Stop watching ${what}` : `Show every message of ${what} in the debug drawer`}
      onClick={() => {
        if (watched) {
          taps.unwatch(node, name);
        } else {
          taps.watch([port]);
          open("debug");
        }
      }}
    >
      <Icon name="debug" size="s" />
      {watched ? "Watched" : "Watch"}
    </button>
  );
}
