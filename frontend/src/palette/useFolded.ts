import { useState } from "react";

const KEY = "weirflow.palette";

/** Below this the flow needs the room more: the palette is folded until somebody opens it. */
const NARROW = "(max-width: 1100px)";

/** Whether the palette is folded to its rail; remembered by this browser. */
export function useFolded(): [boolean, (folded: boolean) => void] {
  const [folded, setFolded] = useState(() => {
    const chosen = localStorage.getItem(KEY);
    return chosen === null ? matchMedia(NARROW).matches : chosen === "folded";
  });
  const fold = (next: boolean) => {
    setFolded(next);
    localStorage.setItem(KEY, next ? "folded" : "open");
  };
  return [folded, fold];
}
