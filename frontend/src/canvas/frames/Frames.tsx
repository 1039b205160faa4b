import { useStore, ViewportPortal } from "@xyflow/react";
import { useEffect, type CSSProperties } from "react";
import { useEditor } from "../../live/hooks";
import { useCanvasState } from "../canvasState";
import "./frames.css";
import { GroupFrame } from "./GroupFrame";
import { NoteFrame } from "./NoteFrame";
import { useFramesInView } from "./useFramesInView";

/** Further out than this, titles keep their size on the screen, so that one can see what a region is about. */
const FAR = 0.6;

/** What lies behind the nodes: the frames of groups, and notes. In the overview they are part of the drawing. */
export function Frames({ overview }: { overview: boolean }) {
  const editor = useEditor();
  const { groups, notes } = useFramesInView(editor, useCanvasState());
  const scale = useStore(({ transform: [, , zoom] }) =>
    zoom < FAR ? Math.round((FAR / zoom) * 20) / 20 : 1,
  );
  useLetGo();
  if (overview || groups.length + notes.length === 0) return null;
  return (
    <ViewportPortal>
      <div className="frames" style={{ "--frame-scale": scale } as CSSProperties}>
        {groups.map((group) => (
          <GroupFrame key={group.id} group={group} />
        ))}
        {notes.map((note) => (
          <NoteFrame key={note.id} note={note} />
        ))}
      </div>
    </ViewportPortal>
  );
}

/** A press on anything else of the canvas lets go of the frame that was picked; so does its deletion. */
function useLetGo(): void {
  const editor = useEditor();
  const { frame } = useCanvasState();
  useEffect(() => {
    const onPress = (event: PointerEvent): void => {
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest(".frame, .frame__tools")) return;
      if (target?.closest(".react-flow__pane, .react-flow__node, .react-flow__edge")) frame.set(null);
    };
    const onChange = (): void => {
      const id = frame.get();
      if (id !== null && !editor.graph.groups.has(id) && !editor.graph.notes.has(id)) frame.set(null);
    };
    const stop = editor.subscribe(onChange);
    document.addEventListener("pointerdown", onPress, true);
    return () => {
      stop();
      document.removeEventListener("pointerdown", onPress, true);
    };
  }, [editor, frame]);
}
