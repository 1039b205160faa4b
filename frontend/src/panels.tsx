import type { ComponentType } from "react";
import { Drawer } from "./drawer/Drawer";
import { Find } from "./find/Find";
import { late } from "./ui/late";
import { typedInto } from "./ui/typedInto";

type Panel = ComponentType<{ onClose: () => void }>;

/** A drawer whose code comes when it is opened; meanwhile it stands there empty, so that nothing moves twice. */
function drawer(name: string, load: () => Promise<{ default: Panel }>): Panel {
  return late(load, ({ onClose }, said) => (
    <Drawer name={name} onClose={onClose}>
      <div className="drawer__empty muted small">{said ?? "Loading …"}</div>
    </Drawer>
  ));
}

/** Drawers below the canvas, as wide as the page. Opened by name like the panels, and beside them: one at a time. */
export const DRAWERS: Readonly<Record<string, Panel>> = {
  runs: drawer("Runs", async () => ({ default: (await import("./runs/RunsPanel")).RunsPanel })),
  debug: drawer("Debug", async () => ({ default: (await import("./debug/DebugPanel")).DebugPanel })),
  scenarios: drawer("Scenarios", async () => ({
    default: (await import("./scenarios/ScenariosPanel")).ScenariosPanel,
  })),
  tests: drawer("Tests", async () => ({
    default: (await import("./flowtests/TestsPanel")).TestsPanel,
  })),
  mapping: drawer("Wire mapping", async () => ({
    default: (await import("./mapping/MappingPanel")).MappingPanel,
  })),
  comments: drawer("Comments", async () => ({
    default: (await import("./comments/CommentsPanel")).CommentsPanel,
  })),
  activity: drawer("Activity", async () => ({
    default: (await import("./activity/ActivityPanel")).ActivityPanel,
  })),
  versions: drawer("Versions", async () => ({
    default: (await import("./versions/VersionsPanel")).VersionsPanel,
  })),
  problems: drawer("Problems", async () => ({
    default: (await import("./problems/ProblemsPanel")).ProblemsPanel,
  })),
};

/** Reads the comments of a flow up to a revision; their code comes with the first. */
export async function readComments(flow: string, rev: number): Promise<void> {
  const { commentsOf } = await import("./comments/store");
  await commentsOf(flow).upTo(rev);
}

/** Finds a node, a component, a flow or a command. */
export const CommandPalette = typedInto<{ onClose: () => void }>(
  "Find a node or run a command",
  () => import("./shell/CommandPalette"),
);

/** Every key. */
export const Help = late<{ onClose: () => void }>(() => import("./shell/Help"));

/**
 * Dialogs and what lies over the canvas; actions open them by name, one at a time. `connection` is the topbar's own.
 * What the first screen does not need comes by `late(() => import(...))`.
 */
export const PANELS: Readonly<Record<string, Panel>> = {
  commands: CommandPalette,
  dashboard: late(() => import("./dashboard/AddToDashboard")),
  find: Find,
  help: Help,
  import: late(() => import("./files/ImportDialog")),
  templates: late(() => import("./files/TemplatesDialog")),
  table: late(() => import("./table/TableView")),
};

/** Says over the canvas that what stands there is the past. */
export const PastBanner = late(async () => ({ default: (await import("./versions/PastBanner")).PastBanner }));
