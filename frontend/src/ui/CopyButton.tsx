import { useEffect, useState } from "react";
import { Icon } from "./Icon";

interface CopyButtonProps {
  /** Made when it is pressed. */
  text: () => string;
  label: string;
  disabled?: boolean;
}

/** So long it says what became of it. */
const SAID_MS = 2_000;

/** Copies a text to the clipboard and says so. */
export function CopyButton({ text, label, disabled = false }: CopyButtonProps) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (said === "") return;
    const timer = setTimeout(() => setSaid(""), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = (): void => {
    navigator.clipboard.writeText(text()).then(
      () => setSaid("Copied"),
      () => setSaid("The browser does not allow it"),
    );
  };
  return (
    <button type="button" className="btn btn--plain btn--s" disabled={disabled} onClick={copy}>
      <Icon name="copy" size="s" />
      <span role="status">{said || label}</span>
    </button>
  );
}
