import { closeAround, Dialog } from "../../ui/Dialog";

interface ConfirmPressProps {
  /** What is pressed. */
  title: string;
  /** What it does, as its author says. */
  questions: readonly string[];
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before what cannot be taken back. The answer that changes nothing has the focus. */
export function ConfirmPress({ title, questions, onConfirm, onClose }: ConfirmPressProps) {
  return (
    <Dialog title={`${title}?`} onClose={onClose}>
      <div className="confirm">
        {questions.map((text) => (
          <p key={text}>{text}</p>
        ))}
        <div className="confirm__answers">
          <button
            type="button"
            className="btn"
            autoFocus
            onClick={(event) => closeAround(event.currentTarget)}
          >
            Cancel
          </button>
          <button
            type="button"
            className="btn btn--danger"
            onClick={(event) => {
              closeAround(event.currentTarget);
              onConfirm();
            }}
          >
            {title}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
