import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { useEditor, useFlow, useGraph } from "../live/hooks";
import { count } from "../core/format";
import { Icon } from "../ui/Icon";
import { EdgeRow } from "./EdgeRow";
import { neighboursOf } from "./neighbours";
import { NodeRow } from "./NodeRow";
import "./table.css";

/** So many rows at once; in the order of reading, from the top left. */
const PAGE = 200;

/** The flow as tables of nodes and wires, for whom a drawing says little: with all that can be done on the canvas. */
export default function TableView({ onClose }: { onClose: () => void }) {
  const { nodes, edges } = useGraph();
  const { name } = useFlow();
  const editor = useEditor();
  const view = useRef<HTMLElement>(null);
  useEffect(() => view.current?.focus(), []);
  const beside = useMemo(() => neighboursOf(edges), [edges]);
  const inOrder = [...nodes.values()].sort((one, other) => one.x - other.x || one.y - other.y);
  return (
    <section
      ref={view}
      className="tableview"
      aria-label={`${name} as a table`}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header className="line">
        <h2 className="grow tableview__title">{name} as a table</h2>
        <button type="button" className="btn btn--s" onClick={onClose}>
          <Icon name="close" size="s" />
          Back to the canvas
        </button>
      </header>
      <Rows
        title={count(nodes.size, "node")}
        heads={["Name", "Component", "State", "Value", "From", "To", "Actions"]}
        items={inOrder}
        row={(node) => (
          <NodeRow
            key={node.id}
            id={node.id}
            beside={beside.get(node.id)}
            show={(id) => editor.select({ nodes: [id] })}
          />
        )}
        none="No nodes yet. Press / to add one."
      />
      <Rows
        title={count(edges.size, "wire")}
        heads={["From", "Output", "To", "Input", "Mapping", "Actions"]}
        items={[...edges.values()]}
        row={({ id }) => <EdgeRow key={id} id={id} />}
        none="No wires yet. Select a node and press C to connect it."
      />
    </section>
  );
}

interface RowsProps<Item> {
  title: string;
  heads: readonly string[];
  items: readonly Item[];
  row: (item: Item) => ReactNode;
  none: string;
}

function Rows<Item>({ title, heads, items, row, none }: RowsProps<Item>) {
  const [shown, setShown] = useState(PAGE);
  return (
    <>
      <div className="tableview__scroll">
        <table>
          <caption>{title}</caption>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{items.slice(0, shown).map(row)}</tbody>
        </table>
      </div>
      {items.length === 0 && <p className="muted">{none}</p>}
      {items.length > shown && (
        <button type="button" className="btn btn--s tableview__more" onClick={() => setShown(shown + PAGE)}>
          {`Show ${String(Math.min(PAGE, items.length - shown))} of ${String(items.length - shown)} more`}
        </button>
      )}
    </>
  );
}
