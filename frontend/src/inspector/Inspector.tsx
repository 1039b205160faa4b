import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from "react";

import { useSelection } from "../live/hooks";
import { useFieldWish } from "../problems/useFieldWish";
import { fetchAhead, late } from "../ui/late";
import { FormSkeleton } from "./contents/FormSkeleton";
import { FlowSummary } from "./FlowSummary";
import "./inspector.css";
import type { NodeTab } from "./node/NodeInspector";
import { ResizeHandle } from "./panel/ResizeHandle";
import { useWidth } from "./panel/useWidth";

const FIELDS = 6;

/** Forms, with all their controls, are most of the editor's code: they come once the flow is there to be seen. */
export const Chosen = late(
  () => import("./Chosen"),
  (_, said) => <div className="inspector__body">{said ?? <FormSkeleton fields={FIELDS} />}</div>,
);

/** What is selected on the canvas: its settings, controls and state. Stands beside the flow, never on it. */
export function Inspector() {
  const selection = useSelection();
  const [width, setWidth] = useWidth();
  const [tab, setTab] = useState<NodeTab>("Settings");
  const { nodes, edges } = selection;
  const panel = useRef<HTMLElement>(null);
  const showSettings = useCallback(() => setTab("Settings"), []);
  useFieldWish(panel, showSettings);
  useEffect(() => fetchAhead([Chosen]), []);
  return (
    <aside
      ref={panel}
      className="inspector"
      aria-label="Inspector"
      style={{ width }}
      onKeyDown={keepDeletion}
    >
      <ResizeHandle width={width} onResize={setWidth} />
      {nodes.size + edges.size > 0 ? (
        <Chosen selection={selection} tab={tab} onTab={setTab} />
      ) : (
        <FlowSummary />
      )}
    </aside>
  );
}

/** Delete and Backspace on a button in here must never reach the canvas: it would delete the node that is being looked at. */
function keepDeletion(event: KeyboardEvent): void {
  if (event.key === "Delete" || event.key === "Backspace") event.stopPropagation();
}
