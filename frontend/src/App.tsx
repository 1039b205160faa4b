import { FlowCanvas } from "./canvas/FlowCanvas";
import type { Editor } from "./core/editor";
import { Inspector } from "./inspector/Inspector";
import { Palette } from "./palette/Palette";
import { RunsDrawer } from "./runs/RunsDrawer";
import { CommandPalette } from "./shell/CommandPalette";
import { Help } from "./shell/Help";
import { Notices } from "./shell/Notices";
import { Topbar } from "./shell/Topbar";
import { useShell } from "./shell/useShell";

/** The editor's page: palette, canvas, inspector, and the bar above them. */
export function App({ editor }: { editor: Editor }) {
  const { open, setOpen, openConnection, commands } = useShell();
  const close = (): void => setOpen(null);
  return (
    <div className="app">
      <Topbar
        openCommands={() => setOpen("commands")}
        openHelp={() => setOpen("help")}
        runs={open === "runs"}
        openRuns={(shown) => setOpen(shown ? "runs" : null)}
        connection={open === "connection"}
        openConnection={openConnection}
      />
      <Palette />
      <main className="stage">
        <FlowCanvas editor={editor} />
        <Notices />
        {open === "runs" && <RunsDrawer onClose={close} />}
      </main>
      <Inspector />
      {open === "commands" && <CommandPalette commands={commands} onClose={close} />}
      {open === "help" && <Help onClose={close} />}
    </div>
  );
}
