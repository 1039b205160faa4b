import { CardName } from "../canvas/CardName";
import { cardState, STATE_NAMES } from "../core/cardState";
import { isModuleAvailable } from "../core/catalogue";
import {
  useCatalogue,
  useComponent,
  useEditor,
  useLive,
  useNode,
  useSelection,
  useWords,
} from "../live/hooks";
import type { Neighbours } from "./neighbours";
import { RowMenu } from "./RowMenu";

interface NodeRowProps {
  id: string;
  beside: Neighbours | undefined;
  show: (id: string) => void;
}

/** A node with what its card says, and the nodes beside it. */
export function NodeRow({ id, beside, show }: NodeRowProps) {
  const node = useNode(id);
  const live = useLive(id);
  const catalogue = useCatalogue();
  const component = useComponent(node?.module ?? "", node?.component ?? "");
  const selected = useSelection().nodes.has(id);
  const state =
    node &&
    cardState(node, live, {
      component,
      catalogueRead: catalogue.components.length > 0,
      moduleAvailable: isModuleAvailable(catalogue, node.module),
    });
  const words = useWords(state?.problem);
  if (!node || !state) return null;
  const title = component?.title ?? node.component;
  const name = node.label || title;
  return (
    <tr data-row={id} aria-selected={selected} onFocus={() => show(id)} onClick={() => show(id)}>
      <th scope="row">
        <CardName id={id} name={name} />
      </th>
      <td>{title}</td>
      <td>
        <span className={`state is-${state.state}`}>
          <i className="mark" aria-hidden="true" />
          {STATE_NAMES[state.state]}
        </span>
      </td>
      <td className="num">{words || [state.value, state.text].filter(Boolean).join(" · ")}</td>
      <td>
        <Beside ids={beside?.sources ?? []} />
      </td>
      <td>
        <Beside ids={beside?.targets ?? []} />
      </td>
      <td>
        <RowMenu name={name} />
      </td>
    </tr>
  );
}

/** Nodes at the other end of wires; each leads to its own row. */
function Beside({ ids }: { ids: readonly string[] }) {
  const editor = useEditor();
  const found = ids.flatMap((id) => editor.graph.nodes.get(id) ?? []);
  if (found.length === 0) return <span className="muted">none</span>;
  return (
    <ul className="tableview__beside">
      {found.map(({ id, label, component }) => (
        <li key={id}>
          <button
            type="button"
            onClick={(event) => {
              event.stopPropagation();
              editor.select({ nodes: [id] });
              document.querySelector<HTMLElement>(`tr[data-row="${CSS.escape(id)}"] .rowmenu`)?.focus();
            }}
          >
            {label || component}
          </button>
        </li>
      ))}
    </ul>
  );
}
