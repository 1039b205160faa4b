import { closeAround } from "../../ui/Dialog";

/** Closes the dialog that it stands in: a phone has no Escape. */
export function CloseDialog() {
  return (
    <button
      type="button"
      className="btn btn--s settings__close"
      onClick={(event) => closeAround(event.currentTarget)}
    >
      Close
    </button>
  );
}
