import type { Selection } from "../core/editorTypes";
import { EdgeInspector } from "./edge/EdgeInspector";
import { GroupInspector } from "./group/GroupInspector";
import { useSelectedCard } from "./group/useSelectedCard";
import { ManySelected } from "./ManySelected";
import { NodeInspector, type NodeTab } from "./node/NodeInspector";

interface ChosenProps {
  /** Not empty. */
  selection: Selection;
  tab: NodeTab;
  onTab: (tab: NodeTab) => void;
}

/** What the inspector shows of a selection: a group, many at once, a node or a wire. */
export default function Chosen({ selection, tab, onTab }: ChosenProps) {
  const { nodes, edges } = selection;
  const [node] = nodes;
  const [edge] = edges;
  const card = useSelectedCard(selection);
  const many = !card && nodes.size + edges.size > 1;
  return (
    <>
      {card && <GroupInspector key={card.id} group={card} />}
      {many && <ManySelected selection={selection} />}
      {!card && !many && node !== undefined && <NodeInspector key={node} id={node} tab={tab} onTab={onTab} />}
      {!many && edge !== undefined && <EdgeInspector key={edge} id={edge} />}
    </>
  );
}
