import { lazy, Suspense, type ComponentType } from "react";
import { Drawer } from "./drawer/Drawer";
import { CommandPalette } from "./shell/CommandPalette";
import { Help } from "./shell/Help";

type Panel = ComponentType<{ onClose: () => void }>;

/** A drawer whose code comes when it is opened; meanwhile it stands there empty, so that nothing moves twice. */
function late(name: string, load: () => Promise<{ default: Panel }>): Panel {
  const Loaded = lazy(load);
  return function LatePanel({ onClose }) {
    const waiting = (
      <Drawer name={name} onClose={onClose}>
        <div className="drawer__empty muted small">Loading …</div>
      </Drawer>
    );
    return (
      <Suspense fallback={waiting}>
        <Loaded onClose={onClose} />
      </Suspense>
    );
  };
}

/** Drawers below the canvas, as wide as the page. Opened by name like the panels, and beside them: one at a time. */
export const DRAWERS: Readonly<Record<string, Panel>> = {
  runs: late("Runs", async () => ({ default: (await import("./runs/RunsPanel")).RunsPanel })),
  debug: late("Debug", async () => ({ default: (await import("./debug/DebugPanel")).DebugPanel })),
  scenarios: late("Scenarios", async () => ({
    default: (await import("./scenarios/ScenariosPanel")).ScenariosPanel,
  })),
  mapping: late("Wire mapping", async () => ({
    default: (await import("./mapping/MappingPanel")).MappingPanel,
  })),
  problems: late("Problems", async () => ({
    default: (await import("./problems/ProblemsPanel")).ProblemsPanel,
  })),
};

/**
 * Dialogs and what lies over the canvas; actions open them by name, one at a time. `connection` is the topbar's own.
 * What the first screen does not need comes by `lazy(() => import(...))`.
 */
export const PANELS: Readonly<Record<string, Panel>> = {
  commands: CommandPalette,
  find: lazy(() => import("./find/FindBar")),
  help: Help,
  table: lazy(() => import("./table/TableView")),
};
