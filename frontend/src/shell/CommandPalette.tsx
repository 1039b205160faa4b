import { useState, type KeyboardEvent } from "react";
import { useActionContext } from "../actions/context";
import { keyText } from "../actions/keys";
import { ACTIONS } from "../actions/registry";
import { isPossible } from "../actions/types";
import { useCatalogue, useEditor, useGraph } from "../live/hooks";
import { closeAround, Dialog, moveFocus } from "../ui/Dialog";
import { findEntries, type Entry } from "./findEntries";

/** Finds a node, a component or a command by its name. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const context = useActionContext();
  const editor = useEditor();
  const graph = useGraph();
  const catalogue = useCatalogue();
  const [query, setQuery] = useState("");
  const found = findEntries(query, [
    ...Array.from(graph.nodes.values(), ({ id, label, component }) => ({
      key: id,
      kind: "Node",
      name: label || component,
      run: () => editor.reveal(id),
    })),
    ...ACTIONS.filter((action) => isPossible(action, context)).map(({ id, title, keys, run }) => ({
      key: id,
      kind: "Command",
      name: title,
      shortcut: keys?.[0],
      run: () => run(context),
    })),
    ...catalogue.components.map(({ module, name, title }) => ({
      key: `${module}/${name}`,
      kind: "Add",
      name: title,
      run: () => void editor.add({ module, component: name }),
    })),
  ]);

  const onKeyDown = (event: KeyboardEvent<HTMLDialogElement>): void => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    moveFocus(event.currentTarget, "input, [data-entry]", event.key === "ArrowDown" ? 1 : -1);
  };

  const run = (entry: Entry | undefined, within: Element): void => {
    if (!entry) return;
    closeAround(within);
    entry.run();
  };

  return (
    <Dialog title="Find a node or run a command" plain onClose={onClose} onKeyDown={onKeyDown}>
      <form
        className="input"
        onSubmit={(event) => {
          event.preventDefault();
          run(found[0], event.currentTarget);
        }}
      >
        <input
          type="search"
          autoFocus
          aria-label="Find a node or run a command"
          placeholder="Find a node or run a command"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </form>
      <ul className="dialog__list" aria-label="Found">
        {found.map((entry) => (
          <li key={entry.key}>
            <button
              type="button"
              className="dialog__row"
              data-entry
              onClick={(event) => run(entry, event.currentTarget)}
            >
              <span className="grow clip">{entry.name}</span>
              <span className="small muted">{entry.kind}</span>
              {entry.shortcut !== undefined && <kbd className="key">{keyText(entry.shortcut)}</kbd>}
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="muted dialog__none">Nothing is called that.</p>}
    </Dialog>
  );
}
