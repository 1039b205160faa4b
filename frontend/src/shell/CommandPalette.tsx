import { useState, type KeyboardEvent } from "react";
import { keyText } from "../actions/keys";
import { useReadable } from "../live/hooks";
import { closeAround, Dialog, moveFocus } from "../ui/Dialog";
import { Remembered } from "../ui/remembered";
import { findEntries, type Entry } from "./findEntries";
import { useEntries } from "./useEntries";

const recent = new Remembered("weirflow.commands", 8);

/** Finds an action, a node, a component or a flow by its name; Enter takes the first. */
export default function CommandPalette({ start = "", onClose }: { start?: string; onClose: () => void }) {
  const [query, setQuery] = useState(start);
  const used = useReadable(recent.list);
  const found = findEntries(query, useEntries(), used);

  const onKeyDown = (event: KeyboardEvent<HTMLDialogElement>): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) moveFocus(event.currentTarget, "input, [data-entry]", step);
    else if (!(event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey))) return;
    event.preventDefault();
  };

  const run = (entry: Entry | undefined, within: Element): void => {
    if (!entry) return;
    recent.put(entry.key);
    closeAround(within);
    // After the dialog has given the focus back: the action may move it on.
    setTimeout(entry.run);
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
          placeholder="Find a node, a component, a flow or a command"
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
              <span className="small muted">
                {used.includes(entry.key) ? `${entry.kind}, used last` : entry.kind}
              </span>
              {entry.shortcut !== undefined && <kbd className="key">{keyText(entry.shortcut)}</kbd>}
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="muted dialog__none">Nothing is called that.</p>}
    </Dialog>
  );
}
