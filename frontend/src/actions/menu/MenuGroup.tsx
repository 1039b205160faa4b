import { Icon } from "../../ui/Icon";
import { useActionContext } from "../context";
import { keyText } from "../keys";
import { titleNow, type Action } from "../types";

interface MenuGroupProps {
  actions: readonly Action[];
  onChoose: (action: Action) => void;
}

/** The actions of one group: a line for each, and one line for all that have an icon. */
export function MenuGroup({ actions, onChoose }: MenuGroupProps) {
  const context = useActionContext();
  const drawn = actions.filter(({ icon }) => icon);
  const name = actions[0]?.group;
  return (
    <div role="group" className="menu__group" aria-label={name}>
      {actions.map((action) => {
        if (action.icon)
          return action === drawn[0] && <IconRow key={action.id} actions={drawn} onChoose={onChoose} />;
        return (
          <button
            key={action.id}
            type="button"
            role="menuitem"
            tabIndex={-1}
            className="menu__item"
            onPointerEnter={(event) => event.currentTarget.focus({ preventScroll: true })}
            onClick={() => onChoose(action)}
          >
            <span className="grow clip">{titleNow(action, context)}</span>
            {action.keys?.[0] !== undefined && <kbd className="menu__key">{keyText(action.keys[0])}</kbd>}
          </button>
        );
      })}
    </div>
  );
}

/** What differs by a picture more than by words. The names are read out, and stand at the pointer. */
function IconRow({ actions, onChoose }: MenuGroupProps) {
  return (
    <div className="menu__row">
      <span className="menu__rowname">Line up</span>
      {actions.map((action) => {
        const key = action.keys?.[0];
        return (
          <button
            key={action.id}
            type="button"
            role="menuitem"
            tabIndex={-1}
            className="menu__icon"
            aria-label={action.title}
            title={key === undefined ? action.title : `${action.title} (${keyText(key)})`}
            onPointerEnter={(event) => event.currentTarget.focus({ preventScroll: true })}
            onClick={() => onChoose(action)}
          >
            {action.icon && <Icon name={action.icon} size="s" />}
          </button>
        );
      })}
    </div>
  );
}

/** How many lines a group takes. */
export function linesOf(actions: readonly Action[]): number {
  const lines = actions.filter(({ icon }) => !icon).length;
  return lines < actions.length ? lines + 1 : lines;
}
