import { useStoreApi, ViewportPortal } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { useEditor } from "../live/hooks";
import { useOpenFlow } from "../live/context";
import { CardMarks, marksOf } from "./cardMarks";
import { CursorLayer } from "./cursorLayer";
import "./presence.css";

/** The others on the canvas: their pointers, and frames around what they have selected. */
export default function OnCanvas() {
  const { presence } = useOpenFlow().live;
  const editor = useEditor();
  const store = useStoreApi();
  const layer = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!layer.current) return;
    const cursors = new CursorLayer(layer.current, presence, editor.view);
    const zoomed = (): void => cursors.zoomed(store.getState().transform[2]);
    zoomed();
    const stop = store.subscribe((now, before) => {
      if (now.transform[2] !== before.transform[2]) zoomed();
    });
    return () => {
      stop();
      cursors.stop();
    };
  }, [presence, editor, store]);

  useEffect(() => {
    const cards = store.getState().domNode?.querySelector(".react-flow__nodes");
    if (!(cards instanceof HTMLElement)) return;
    const marks = new CardMarks(cards);
    let groups = editor.graph.groups;
    const show = (): void => marks.show(marksOf(presence.tabs.get(), presence.me.get(), editor.graph));
    // Which card shows a node is another only where groups are.
    const onGraph = (): void => {
      if (editor.graph.groups !== groups) show();
      groups = editor.graph.groups;
    };
    show();
    const stops = [presence.tabs.subscribe(show), editor.subscribe(onGraph)];
    return () => {
      for (const stop of stops) stop();
      marks.stop();
    };
  }, [presence, editor, store]);

  return (
    <ViewportPortal>
      <div ref={layer} className="cursors" aria-hidden="true" />
    </ViewportPortal>
  );
}
