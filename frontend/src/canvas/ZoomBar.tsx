import { useStore } from "@xyflow/react";
import { Icon } from "../ui/Icon";
import type { View } from "./useView";

export function ZoomBar({ view }: { view: View }) {
  const percent = useStore((state) => Math.round(state.transform[2] * 100));
  return (
    <div className="zoombar">
      <button
        type="button"
        className="btn btn--plain btn--icon btn--s"
        aria-label="Zoom out"
        title="Zoom out (-)"
        onClick={view.zoomOut}
      >
        <Icon name="minus" />
      </button>
      <button
        type="button"
        className="zoombar__now num"
        aria-label={`Zoom is ${String(percent)} %; set it to 100 %`}
        title="Zoom to 100 % (0)"
        onClick={view.zoomReset}
      >
        {percent}%
      </button>
      <button
        type="button"
        className="btn btn--plain btn--icon btn--s"
        aria-label="Zoom in"
        title="Zoom in (+)"
        onClick={view.zoomIn}
      >
        <Icon name="plus" />
      </button>
      <span className="rule" />
      <button
        type="button"
        className="btn btn--plain btn--icon btn--s"
        aria-label="Fit the flow"
        title="Fit the flow (F)"
        onClick={view.fit}
      >
        <Icon name="fit" />
      </button>
    </div>
  );
}
