import { useEffect } from "react";
import { useActionContext } from "../actions/context";
import { useReadable } from "../live/hooks";

/** Opens the import of a file that was dropped onto the canvas. */
export function OfferedFile() {
  const { canvas, open } = useActionContext();
  const offered = useReadable(canvas.offered);
  useEffect(() => {
    if (offered !== null) open("import");
  }, [offered, open]);
  return null;
}
