import { useEffect, useRef, useState, type KeyboardEvent } from "react";

interface TextEdit {
  value: string;
  onChange: (text: string) => void;
  onBlur: () => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

/** One text of the node itself: sent when left (or on Enter), given up with Escape, sent too when the panel goes away. */
export function useTextEdit(value: string, commit: (text: string) => void, multiline = false): TextEdit {
  const [typed, setTyped] = useState<string | null>(null);
  const finish = () => {
    setTyped(null);
    if (typed !== null && typed.trim() !== value) commit(typed.trim());
  };
  const leave = useRef(finish);
  useEffect(() => {
    leave.current = finish;
  });
  useEffect(() => () => leave.current(), []);
  return {
    value: typed ?? value,
    onChange: setTyped,
    onBlur: finish,
    onKeyDown: (event) => {
      if (event.key === "Escape" && typed !== null) {
        event.stopPropagation();
        setTyped(null);
      } else if (event.key === "Enter" && (!multiline || event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        finish();
      }
    },
  };
}
