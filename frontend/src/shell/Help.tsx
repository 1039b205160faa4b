import { closeAround, Dialog } from "../ui/Dialog";

const KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [["/"], "Find a component to add"],
  [["Ctrl K"], "Find a node or run a command"],
  [["C"], "Connect the selected node"],
  [["F2"], "Rename the selected node"],
  [["Delete"], "Delete what is selected, with its wires"],
  [["Ctrl D"], "Duplicate the selected nodes"],
  [["Ctrl A"], "Select everything"],
  [["Shift", "drag"], "Select an area"],
  [["Arrows"], "Move the selected nodes"],
  [["Ctrl Z"], "Undo"],
  [["Ctrl Shift Z"], "Redo"],
  [["F"], "Fit the flow into view"],
  [["+", "-", "0"], "Zoom in, out, to 100 %"],
  [["Tab"], "Walk through nodes and wires; Enter selects"],
  [["Esc"], "Put messages away, then select nothing"],
  [["?"], "This list"],
];

export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        {KEYS.map(([keys, does]) => (
          <div className="keys__row" key={does}>
            <dt className="line">
              {keys.map((key) => (
                <kbd className="key" key={key}>
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p className="small muted">On a Mac, Cmd takes the place of Ctrl.</p>
      <div className="dialog__foot">
        <button type="button" className="btn btn--s" onClick={(event) => closeAround(event.currentTarget)}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
