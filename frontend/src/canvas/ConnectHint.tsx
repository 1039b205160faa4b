import { useConnection } from "@xyflow/react";
import { useEditor } from "../live/hooks";
import { useCanvasState } from "./canvasState";
import { drawnEnds, judge } from "./useWiring";

/** While a wire is drawn over a port that cannot take it: why not. */
export function ConnectHint() {
  const editor = useEditor();
  const connection = useConnection();
  const ends = connection.inProgress ? drawnEnds(connection) : null;
  const { reconnecting } = useCanvasState();
  const verdict = ends && judge(editor, ends, reconnecting.get());
  return (
    <div className="connecthint" role="status">
      {verdict && !verdict.ok && (
        <span className="connecthint__text is-warning">
          <i className="mark" />
          {verdict.reason}
        </span>
      )}
    </div>
  );
}
