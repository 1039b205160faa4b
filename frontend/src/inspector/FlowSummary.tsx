import { keyFor } from "../actions/registry";
import { count } from "../core/format";
import { plainWords } from "../core/plainWords";
import { useEditor, useFlow, useGraph, useIsStale } from "../live/hooks";
import { goTo } from "../problems/goTo";
import { useProblems } from "../problems/useProblems";

/** The actions that one needs first, and what they are called in short. */
const SHORTCUTS: readonly (readonly [action: string, meaning: string])[] = [
  ["add.quick", "Add a component"],
  ["edit.delete", "Delete what is selected"],
  ["edit.undo", "Undo"],
  ["edit.redo", "Redo"],
  ["view.fit", "Fit the flow"],
];

/** The drawer Problems has the rest. */
const MOST = 20;

/** Nothing is selected: the flow as a whole, what is wrong in it, and how to go on. */
export function FlowSummary() {
  const editor = useEditor();
  const flow = useFlow();
  const graph = useGraph();
  const { troubles, total } = useProblems();
  const isStale = useIsStale();
  return (
    <>
      <header className="inspector__head inspector__head--edge">
        <div className="inspector__who">
          <h2 className="clip">{flow.name || "Flow"}</h2>
          <p className="small muted num">
            {count(graph.nodes.size, "node")} · {count(graph.edges.size, "wire")}
          </p>
        </div>
      </header>
      {/* Read by scrolling where it is higher than its place: then it has to take the focus. */}
      <div className="inspector__body inspector__flow" tabIndex={0} role="group" aria-label="About this flow">
        <section aria-label="Problems in short">
          <h3 className="inspector__title">
            Problems {total > 0 && <span className="count count--error">{total}</span>}
          </h3>
          {!troubles.length && isStale && (
            <p className="small quiet">Not known while the connection is lost</p>
          )}
          {!troubles.length && !isStale && (
            <p className="state is-ok">
              <i className="mark" aria-hidden="true" />
              Nothing is wrong
            </p>
          )}
          <ul className="troubles">
            {troubles.slice(0, MOST).map((trouble) => (
              <li key={trouble.key}>
                <button type="button" className="trouble is-error" onClick={() => goTo(editor, trouble)}>
                  <i className="mark" aria-hidden="true" />
                  <span className="strong clip">{trouble.name}</span>
                  <span className="trouble__message">{plainWords(trouble.message, graph)}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
        <section aria-label="Keys">
          <h3 className="inspector__title">{graph.nodes.size ? "Keys" : "Start here"}</h3>
          {!graph.nodes.size && (
            <p className="inspector__hint">
              Drag a component from the left onto the canvas, then draw a wire from one of its ports to the
              next. Select a node to see its settings here.
            </p>
          )}
          <dl className="shortcuts">
            {SHORTCUTS.map(([action, meaning]) => (
              <div key={action}>
                <dt>
                  {keyFor(action)
                    .split(" ")
                    .map((part) => (
                      <kbd key={part} className="key">
                        {part}
                      </kbd>
                    ))}
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </>
  );
}
