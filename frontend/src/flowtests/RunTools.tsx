import { count } from "../core/format";
import { useReadable } from "../live/hooks";
import { useOpenFlow } from "../live/context";
import { Icon } from "../ui/Icon";
import { isRunning, type Running, type Tests } from "./store";
import type { FlowTest } from "./types";

interface RunToolsProps {
  store: Tests;
  run: (ids: readonly string[] | null) => void;
  onProblem: (error: unknown) => void;
}

/** Runs all tests, or those that did not pass; stops a run, whoever began it. */
export function RunTools({ store, run, onProblem }: RunToolsProps) {
  const { tests } = useReadable(store.listed);
  const running = useReadable(store.running);
  if (isRunning(running)) {
    const stopping = running.run?.ended === null && running.run.stopped_by !== null;
    return (
      <button
        type="button"
        className="btn btn--s"
        aria-disabled={stopping}
        onClick={() => {
          if (!stopping) store.stop().catch(onProblem);
        }}
      >
        <Icon name="stop" size="s" />
        {stopping ? "Stopping …" : "Stop"}
      </button>
    );
  }
  const failed = tests.filter(({ result }) => result !== null && result.outcome !== "passed");
  return (
    <>
      <button
        type="button"
        className="btn btn--s"
        aria-disabled={tests.length === 0}
        title={tests.length === 0 ? "There is no test to run yet" : undefined}
        onClick={() => {
          if (tests.length > 0) run(null);
        }}
      >
        <Icon name="play" size="s" />
        Run all
      </button>
      {failed.length > 0 && failed.length < tests.length && (
        <button
          type="button"
          className="btn btn--plain btn--s"
          title="Run the tests again that did not pass"
          onClick={() => run(failed.map(({ id }) => id))}
        >
          <Icon name="play" size="s" />
          {`Run ${String(failed.length)} failed`}
        </button>
      )}
    </>
  );
}

/** What is being run and by whom, or why the last run ended before its end; null: neither. */
export function useRunText(store: Tests): { readonly text: string; readonly bad: boolean } | null {
  const running = useReadable(store.running);
  const { tests } = useReadable(store.listed);
  const { presence } = useOpenFlow().live;
  const me = useReadable(presence.tabs).get(useReadable(presence.me))?.name;
  return runText(running, tests, me);
}

/** The same for whoever is called `me`. */
export function runText(
  { run, asked }: Running,
  tests: readonly FlowTest[],
  me: string | undefined,
): { readonly text: string; readonly bad: boolean } | null {
  if (asked.size > 0) return { text: `Starting ${count(asked.size, "test")} …`, bad: false };
  if (!run) return null;
  const name = (by: string): string => by.split("@")[0] ?? by;
  const far = `${String(run.done)} of ${count(run.tests.length, "test")}`;
  if (run.ended === null) {
    const mine = me !== undefined && name(run.by) === me;
    return {
      text: mine ? `Running: ${far} done` : `${name(run.by)} is running tests: ${far} done`,
      bad: false,
    };
  }
  const within = tests.find(({ id }) => id === run.test)?.name;
  if (run.stopped_by !== null) {
    const by = me !== undefined && name(run.stopped_by) === me ? "you" : name(run.stopped_by);
    return { text: `Stopped by ${by} after ${far}`, bad: false };
  }
  if (run.problem === null) return null;
  const where =
    within === undefined
      ? `after ${far}`
      : `in “${within}”, the ${ordinal(run.done)} of ${count(run.tests.length, "test")}`;
  return { text: `Ended ${where}: ${run.problem.message}`, bad: true };
}

function ordinal(n: number): string {
  const ends = { one: "st", two: "nd", few: "rd", other: "th", many: "th", zero: "th" } as const;
  return `${String(n)}${ends[new Intl.PluralRules("en", { type: "ordinal" }).select(n)]}`;
}
