import type { ReactNode } from "react";
import { useCan, useCatalogue, useEditor } from "../live/hooks";
import { Tile } from "../ui/Tile";

const STARTS = ["http_server", "ticker", "signal"];

/** What an empty flow says: how to begin, three components that begin one, and `others`, further ways. */
export function EmptyCanvas({ others }: { others?: ReactNode }) {
  const editor = useEditor();
  const { components } = useCatalogue();
  const { edit } = useCan();
  if (!edit) return <p className="emptycanvas emptycanvas--quiet">Nothing in this flow yet.</p>;
  const starts = STARTS.flatMap((name) => components.find((component) => component.name === name) ?? []);
  return (
    <section className="emptycanvas" aria-label="Start this flow">
      <h2 className="emptycanvas__title">Drag the first component here</h2>
      <p className="muted">
        Then drag from an output on its right edge to an input on another's left. Every change runs at once.
      </p>
      {starts.length > 0 && (
        <ul className="emptycanvas__starts">
          {starts.map(({ module, name, title, description, icon, category }) => (
            <li key={`${module}/${name}`}>
              <button
                type="button"
                className="emptycanvas__start"
                onClick={() => editor.add({ module, component: name })}
              >
                <Tile icon={icon} category={category} size="m" />
                <span className="stack">
                  <span className="strong">{title}</span>
                  <span className="small muted">{description}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {others}
      <p className="small muted">
        <kbd className="key">/</kbd> finds a component, <kbd className="key">?</kbd> lists every key.
      </p>
    </section>
  );
}
