import { useState } from "react";

const KEY = "weirflow.palette";

/** Whether the palette is folded to its rail; remembered by this browser. */
export function useFolded(): [boolean, (folded: boolean) => void] {
  const [folded, setFolded] = useState(() => localStorage.getItem(KEY) === "folded");
  const fold = (next: boolean) => {
    setFolded(next);
    localStorage.setItem(KEY, next ? "folded" : "open");
  };
  return [folded, fold];
}
