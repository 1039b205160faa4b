import { keyText } from "../../actions/keys";
import { Dialog } from "../../ui/Dialog";
import { BOARD_ACTIONS, type BoardActions } from "../actions";

/** All keys, made from the actions. */
export function Keys({ actions, onClose }: { actions: BoardActions; onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="settings keys">
        {BOARD_ACTIONS.filter((action) => action.when(actions)).map(({ id, title, keys }) => (
          <div key={id} className="line">
            <dt className="grow">{title}</dt>
            <dd>
              <kbd className="key">{keyText(keys[0] ?? "")}</kbd>
            </dd>
          </div>
        ))}
        <div className="line">
          <dt className="grow">Move or resize a widget, while its handle has the focus</dt>
          <dd>
            <kbd className="key">↑ ↓ ← →</kbd>
          </dd>
        </div>
      </dl>
    </Dialog>
  );
}
