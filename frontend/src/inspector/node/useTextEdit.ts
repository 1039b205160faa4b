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
  // Enter sends it and leaves the field, which would send it again before it is drawn anew.
  const isOpen = useRef(false);
  const finish = () => {
    setTyped(null);
    if (!isOpen.current) return;
    isOpen.current = false;
    if (typed !== null && typed.trim() !== value) commit(typed.trim());
  };
  const leave = useRef(finish);
  useEffect(() => {
    leave.current = finish;
  });
  useEffect(() => () => leave.current(), []);
  return {
    value: typed ?? value,
    onChange: (text) => {
      isOpen.current = true;
      setTyped(text);
    },
    onBlur: finish,
    onKeyDown: (event) => {
      if (event.key === "Escape" && typed !== null) {
        event.stopPropagation();
        isOpen.current = false;
        setTyped(null);
      } else if (event.key === "Enter" && (!multiline || event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        finish();
      }
    },
  };
}
