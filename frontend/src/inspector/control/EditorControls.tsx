import { useEffect, useMemo, type ReactNode } from "react";

import { Cell } from "../../core/store";
import { useOpenFlow } from "../../live/context";
import { useCan } from "../../live/hooks";
import { ControlHostProvider, type ControlHost, type Pressed } from "./host";

const NOBODY: Pressed = {};

/** The control panel of one node in the editor. Who pressed last is asked when it is shown, and whenever a press ended. */
export function EditorControls({ node, children }: { node: string; children: ReactNode }) {
  const { editor, live, presses } = useOpenFlow();
  const can = useCan();
  const pressed = useMemo(() => new Cell<Pressed>(NOBODY), []);
  useEffect(() => {
    let current = true;
    const read = (): void => {
      // Who pressed last is said beside a button; without it the button is as good as before.
      presses?.(node).then(
        (found) => current && pressed.set(found),
        () => undefined,
      );
    };
    pressed.set(NOBODY);
    read();
    const stop = live.controls.subscribe(node, read);
    return () => {
      current = false;
      stop();
    };
  }, [node, live, presses, pressed]);
  const host = useMemo<ControlHost>(
    () => ({
      refusal: can.control ? null : "You may look at this node, not control it",
      press: (id, data) => editor.press(id, data),
      pressed: () => pressed,
    }),
    [can.control, editor, pressed],
  );
  return <ControlHostProvider value={host}>{children}</ControlHostProvider>;
}
