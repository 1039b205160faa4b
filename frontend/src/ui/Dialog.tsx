import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from "react";

interface DialogProps {
  title: string;
  /** Called when it was closed, by whatever way: Escape, the backdrop, its own buttons. */
  onClose: () => void;
  onKeyDown?: (event: KeyboardEvent<HTMLDialogElement>) => void;
  /** Hide the title for eyes, keep it for ears. */
  plain?: boolean;
  children: ReactNode;
}

/** A modal dialog with the browser's own focus trap, mounted open. */
export function Dialog({ title, onClose, onKeyDown, plain = false, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={titleId}
      onClose={onClose}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        if (event.target === event.currentTarget) event.currentTarget.close();
      }}
    >
      <div className="dialog__body">
        <h2 id={titleId} className={plain ? "unseen" : "dialog__title"}>
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}

/** Closes the dialog that an element stands in. */
export function closeAround(element: Element): void {
  element.closest("dialog")?.close();
}

/** Moves the focus among the elements that match, round and round. */
export function moveFocus(within: HTMLElement, selector: string, step: number): void {
  const items = [...within.querySelectorAll<HTMLElement>(selector)];
  if (items.length === 0) return;
  const at = items.findIndex((item) => item === document.activeElement);
  const next = at === -1 ? (step > 0 ? 0 : items.length - 1) : (at + step + items.length) % items.length;
  items[next]?.focus();
}
