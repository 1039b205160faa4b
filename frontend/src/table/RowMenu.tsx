import { Icon } from "../ui/Icon";

/** Opens the menu that the canvas has for the same thing. */
export function RowMenu({ name }: { name: string }) {
  return (
    <button
      type="button"
      className="btn btn--plain btn--icon btn--s rowmenu"
      aria-haspopup="menu"
      aria-label={`Actions of ${name}`}
      onClick={(event) => {
        event.stopPropagation();
        event.currentTarget.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true }));
      }}
    >
      <Icon name="more" />
    </button>
  );
}
