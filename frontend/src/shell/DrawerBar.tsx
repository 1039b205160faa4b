import { commentHints } from "../live/commentHints";
import { useReadable } from "../live/hooks";
import { testHints } from "../live/testHints";
import { useOpenFlow } from "../live/context";
import { useProblems } from "../problems/useProblems";
import { Icon } from "../ui/Icon";
import type { IconName } from "../ui/icons";

interface DrawerBarProps {
  /** The name of the drawer that is open. */
  drawer: string | null;
  onDrawer: (drawer: string | null) => void;
}

/** What can be opened below the canvas; always there, so that opening moves nothing else. */
export function DrawerBar({ drawer, onDrawer }: DrawerBarProps) {
  const { live, checks } = useOpenFlow();
  const watched = useReadable(live.taps.watched).length;
  const { total } = useProblems();
  const talks = useReadable(commentHints.open);
  const scenario = useReadable(checks.scenario);
  const { run } = useReadable(testHints.told);
  const tested = run && run.ended === null ? run : null;
  const tab = (name: string, icon: IconName, text: string, title: string, count: number | string = 0) => (
    <button
      type="button"
      className="drawerbar__tab"
      aria-expanded={drawer === name}
      title={title}
      onClick={() => onDrawer(drawer === name ? null : name)}
    >
      <Icon name={icon} size="s" />
      <span className="drawerbar__text">{text}</span>
      {count !== 0 && (
        <span className={name === "problems" ? "count count--error" : "count"}>
          {typeof count === "number" && count > 999 ? "999+" : count}
        </span>
      )}
    </button>
  );
  return (
    <nav className="drawerbar" aria-label="Drawers">
      {tab("runs", "clock", "Runs", "The last runs of this flow")}
      {tab("debug", "debug", "Debug", "Messages of debug nodes and of ports that you watch", watched)}
      {tab("scenarios", "flask", "Scenarios", "Sample messages for previews and checks")}
      {tab(
        "tests",
        "check",
        "Tests",
        tested ? `${tested.by} is running them` : "Given a message here, what is expected there",
        tested ? `${String(tested.done)}/${String(tested.tests.length)}` : 0,
      )}
      {tab("mapping", "braces", "Mapping", "What the selected wire carries: source, mapping and result")}
      {tab(
        "versions",
        "pin",
        "Versions",
        "Named versions of this flow, and what was before: compare, restore",
      )}
      {tab("problems", "info", "Problems", "What is wrong anywhere in this flow", total)}
      {tab("comments", "comment", "Comments", "What people say about this flow, its nodes and wires", talks)}
      {tab("activity", "list", "Activity", "What people did in this flow and its project")}
      {scenario !== null && (
        <button
          type="button"
          className="drawerbar__note clip"
          title="What wires and problems say was found with the messages of this scenario"
          onClick={() => onDrawer("scenarios")}
        >
          Checked with {scenario}
        </button>
      )}
    </nav>
  );
}
