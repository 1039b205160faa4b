import { useCallback, useEffect, useMemo, useState } from "react";
import { useEditor } from "../live/hooks";
import { chooseTheme } from "./theme";
import type { Entry } from "./findEntries";

export type Open = "commands" | "help" | "connection" | "runs" | null;

/** The page's own dialogs, the keys that open them, and the commands of the command palette. */
export function useShell() {
  const editor = useEditor();
  const [open, setOpen] = useState<Open>(null);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const inField =
        event.target instanceof Element && event.target.closest("input, textarea, select, dialog");
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setOpen("commands");
      } else if (event.key === "?" && !inField) {
        event.preventDefault();
        setOpen("help");
      }
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);

  const commands = useMemo<Entry[]>(() => {
    const command = (name: string, run: () => void): Entry => ({ key: name, kind: "Command", name, run });
    return [
      command("Undo", () => editor.undo()),
      command("Redo", () => editor.redo()),
      command("Select all", () =>
        editor.select({ nodes: editor.graph.nodes.keys(), edges: editor.graph.edges.keys() }),
      ),
      command("Light theme", () => chooseTheme("light")),
      command("Dark theme", () => chooseTheme("dark")),
      command("Theme of the system", () => chooseTheme("system")),
      command("Show the keys", () => setOpen("help")),
      command("Show the last runs", () => setOpen("runs")),
      command("Show how live values come", () => setOpen("connection")),
    ];
  }, [editor]);

  const openConnection = useCallback((shown: boolean) => setOpen(shown ? "connection" : null), []);

  return { open, setOpen, openConnection, commands };
}
