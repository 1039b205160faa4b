import { useCallback, useRef, useState, type KeyboardEvent } from "react";

import { useSelection } from "../live/hooks";
import { useFieldWish } from "../problems/useFieldWish";
import { EdgeInspector } from "./edge/EdgeInspector";
import { FlowSummary } from "./FlowSummary";
import { GroupInspector } from "./group/GroupInspector";
import { useSelectedCard } from "./group/useSelectedCard";
import "./inspector.css";
import { ManySelected } from "./ManySelected";
import { NodeInspector, type NodeTab } from "./node/NodeInspector";
import { ResizeHandle } from "./panel/ResizeHandle";
import { useWidth } from "./panel/useWidth";

/** What is selected on the canvas: its settings, controls and state. Stands beside the flow, never on it. */
export function Inspector() {
  const selection = useSelection();
  const [width, setWidth] = useWidth();
  const [tab, setTab] = useState<NodeTab>("Settings");
  const { nodes, edges } = selection;
  const [node] = nodes;
  const [edge] = edges;
  const panel = useRef<HTMLElement>(null);
  const showSettings = useCallback(() => setTab("Settings"), []);
  useFieldWish(panel, showSettings);
  const card = useSelectedCard(selection);
  const many = !card && nodes.size + edges.size > 1;
  return (
    <aside
      ref={panel}
      className="inspector"
      aria-label="Inspector"
      style={{ width }}
      onKeyDown={keepDeletion}
    >
      <ResizeHandle width={width} onResize={setWidth} />
      {card && <GroupInspector key={card.id} group={card} />}
      {many && <ManySelected selection={selection} />}
      {!card && !many && node !== undefined && (
        <NodeInspector key={node} id={node} tab={tab} onTab={setTab} />
      )}
      {!many && edge !== undefined && <EdgeInspector key={edge} id={edge} />}
      {!many && node === undefined && edge === undefined && <FlowSummary />}
    </aside>
  );
}

/** Delete and Backspace on a button in here must never reach the canvas: it would delete the node that is being looked at. */
function keepDeletion(event: KeyboardEvent): void {
  if (event.key === "Delete" || event.key === "Backspace") event.stopPropagation();
}
