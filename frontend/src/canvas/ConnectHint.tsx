import { useConnection } from "@xyflow/react";
import { useEditor } from "../live/hooks";
import { drawnEnds, judge } from "./useWiring";

/** While a wire is drawn over a port that cannot take it: why not. */
export function ConnectHint() {
  const editor = useEditor();
  const connection = useConnection();
  const ends = connection.inProgress ? drawnEnds(connection) : null;
  const verdict = ends && judge(editor, ends);
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
