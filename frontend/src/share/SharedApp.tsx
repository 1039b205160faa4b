import { useMemo, useState } from "react";
import { CanvasState, CanvasStateContext } from "../canvas/canvasState";
import { FlowCanvas } from "../canvas/FlowCanvas";
import { FlowProvider, useOpenFlow } from "../live/context";
import { useIsStale } from "../live/hooks";
import { useViewed } from "../live/useViewed";
import type { Editor } from "../core/editor";
import { GroupPath } from "../shell/GroupPath";
import { Notices } from "../shell/Notices";
import { SharedBar } from "./SharedBar";
import { SharedEnd } from "./SharedEnd";
import "./share.css";

/** The page of who came by a share link: the canvas as it is and works, and nothing to change or look into. */
export default function SharedApp({ editor }: { editor: Editor }) {
  const flow = useOpenFlow();
  const viewed = useViewed(editor);
  const shown = useMemo(() => ({ ...flow, editor: viewed }), [flow, viewed]);
  const [canvas] = useState(() => new CanvasState());
  const stale = useIsStale();
  return (
    <CanvasStateContext value={canvas}>
      <div className="app app--shared">
        <SharedBar />
        <main className={stale ? "stage stage--stale" : "stage"}>
          <GroupPath />
          <FlowProvider value={shown}>
            <FlowCanvas key={viewed.view} editor={viewed} />
          </FlowProvider>
          <SharedEnd />
          <Notices />
        </main>
      </div>
    </CanvasStateContext>
  );
}
