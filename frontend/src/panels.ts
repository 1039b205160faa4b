import type { ComponentType } from "react";
import { RunsDrawer } from "./runs/RunsDrawer";
import { CommandPalette } from "./shell/CommandPalette";
import { Help } from "./shell/Help";

/**
 * Drawers and dialogs that actions open by name, one at a time; `connection` is the topbar's own. What the first
 * screen does not need comes by `lazy(() => import(...))`.
 */
export const PANELS: Readonly<Record<string, ComponentType<{ onClose: () => void }>>> = {
  commands: CommandPalette,
  help: Help,
  runs: RunsDrawer,
};
