import { keyText } from "../actions/keys";
import { ACTIONS } from "../actions/registry";
import { GROUPS } from "../actions/types";
import { closeAround, Dialog } from "../ui/Dialog";

/** What no key alone does. */
const GESTURES: readonly (readonly [keys: readonly string[], does: string])[] = [
  [["Shift", "drag"], "Select an area"],
  [["Ctrl", "click"], "Add to the selection, or take from it"],
  [["Alt", "while dragging"], "Leave the grid and other cards' lines alone"],
  [["Drop on a wire"], "Put a component, or a node without wires, into it"],
  [["Right click"], "Open the menu of what is there; on a touch screen, hold"],
];

/** Every key, by group. */
export default function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      {GROUPS.map((group) => {
        const actions = ACTIONS.filter((action) => action.group === group && action.keys);
        if (actions.length === 0) return null;
        return (
          <section key={group} aria-label={group}>
            <h3 className="small muted">{group}</h3>
            <dl className="keys">
              {actions.map(({ id, title, keys }) => (
                <Row key={id} keys={(keys ?? []).map((key) => keyText(key))} does={title} />
              ))}
            </dl>
          </section>
        );
      })}
      <dl className="keys">
        {GESTURES.map(([keys, does]) => (
          <Row key={does} keys={keys} does={does} />
        ))}
      </dl>
      <div className="dialog__foot">
        <button type="button" className="btn btn--s" onClick={(event) => closeAround(event.currentTarget)}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

function Row({ keys, does }: { keys: readonly string[]; does: string }) {
  return (
    <div className="keys__row">
      <dt className="line">
        {keys.map((key) => (
          <kbd className="key" key={key}>
            {key}
          </kbd>
        ))}
      </dt>
      <dd>{does}</dd>
    </div>
  );
}
