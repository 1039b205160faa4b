import { useCallback, useMemo, useState } from "react";
import { count } from "../core/format";
import { isSystemPort } from "../core/geometry";
import { Drawer } from "../drawer/Drawer";
import { useCan, useEditor, useFlow, useReadable } from "../live/hooks";
import { freeName } from "../scenarios/capture";
import { Icon } from "../ui/Icon";
import { walkRows } from "../ui/walkRows";
import "./flowtests.css";
import { openedTest } from "./opened";
import { outcomeOf } from "./ResultLine";
import { isStale, testsOf } from "./store";
import { TestDetail } from "./TestDetail";
import type { FlowTest } from "./types";
import { useFreshTests } from "./useFreshTests";
import { useTold } from "./useKept";

/** The flow's tests: what is given at a port and what is expected at others; run on the server, told on the canvas. */
export function TestsPanel({ onClose }: { onClose: () => void }) {
  const editor = useEditor();
  const can = useCan();
  const flow = useFlow().id;
  const store = useMemo(() => testsOf(flow), [flow]);
  const { tests, flowRev, loaded, failure } = useReadable(store.listed);
  const running = useReadable(store.running);
  const opened = useReadable(openedTest);
  const [always, setAlways] = useState(false);
  const tell = useTold();
  const run = useCallback(
    (ids: readonly string[] | null): void => {
      store.run(ids).catch(tell);
    },
    [store, tell],
  );
  const edited = useCallback(() => {
    if (always && store.listed.get().tests.length > 0) run(null);
  }, [always, store, run]);
  useFreshTests(store, edited);
  const shown = tests.find(({ id }) => id === opened) ?? null;
  const add = async (): Promise<void> => {
    const name = freeName(
      "New test",
      tests.map((one) => one.name),
    );
    const made = await store.create(name, { given: { at: firstPort(), message: {} }, expect: [] });
    openedTest.set(made.id);
  };
  const firstPort = (): string => {
    const [chosen] = editor.selection.get().nodes;
    const nodes = [...(chosen === undefined ? [] : [chosen]), ...editor.graph.nodes.keys()];
    for (const node of nodes) {
      const port = editor.portsOf(node).find(({ name }) => !isSystemPort(name));
      if (port) return `${node}.${port.name}`;
    }
    throw new Error("The flow has no port to give a message at: add a node first.");
  };
  const remove = async (test: FlowTest): Promise<void> => {
    await store.remove(test.id);
    const bringBack = (): void => void store.create(test.name, test.body).catch(tell);
    editor.notify({ code: "test", message: `${test.name} was deleted.` }, "info", {
      label: "Undo",
      run: bringBack,
    });
  };
  return (
    <Drawer
      name="Tests"
      usual={340}
      onClose={onClose}
      tools={
        <>
          {can.control && (
            <button
              type="button"
              className="btn btn--s"
              aria-disabled={running.size > 0 || tests.length === 0}
              onClick={() => {
                if (running.size === 0 && tests.length > 0) run(null);
              }}
            >
              <Icon name="play" size="s" />
              Run all
            </button>
          )}
          {can.edit && (
            <button type="button" className="btn btn--plain btn--s" onClick={() => void add().catch(tell)}>
              <Icon name="plus" size="s" />
              New test
            </button>
          )}
          {can.control && (
            <button
              type="button"
              className="btn btn--plain btn--s"
              aria-pressed={always}
              title="Run all tests when the flow was edited, while this is open"
              onClick={() => setAlways(!always)}
            >
              <Icon name="retry" size="s" />
              After each edit
            </button>
          )}
          <span className="small clip grow" role="status">
            {failure !== "" ? (
              <span className="tests__failure">{failure}</span>
            ) : (
              <Summary tests={tests} flowRev={flowRev} />
            )}
          </span>
        </>
      }
    >
      <div className="tests">
        <ul className="tests__list" aria-label="Tests" onKeyDown={walkRows}>
          {tests.map((test) => {
            const { mark, text } = outcomeOf(test, running.has(test.id));
            const stale = isStale(test, flowRev);
            return (
              <li key={test.id}>
                <button
                  type="button"
                  className={`tests__test is-${mark}${stale ? " tests__test--stale" : ""}`}
                  aria-pressed={test.id === opened}
                  onClick={() => openedTest.set(test.id)}
                >
                  <i className={mark === "working" ? "mark is-turning" : "mark"} aria-hidden="true" />
                  <span className="grow clip">{test.name}</span>
                  {stale && <span className="muted small">edited since</span>}
                  <span className="unseen">{text}</span>
                </button>
              </li>
            );
          })}
          {loaded && tests.length === 0 && <li className="muted small tests__none">No test is kept yet.</li>}
          {!loaded && <li className="muted small tests__none">Loading …</li>}
        </ul>
        {shown ? (
          <TestDetail
            key={shown.id}
            store={store}
            test={shown}
            onRun={() => run([shown.id])}
            onDelete={() => void remove(shown).catch(tell)}
            onProblem={tell}
          />
        ) : (
          <div className="drawer__empty">
            <Icon name="check" size="l" />
            <p className="strong">Given a message here, what is expected there?</p>
            <p className="small">
              Choose a run in Runs and press “Make a test”, begin with a scenario in Scenarios, or with a new
              test. Tests run on their own: nothing is sent, and no node of yours changes.
            </p>
          </div>
        )}
      </div>
    </Drawer>
  );
}

/** How all tests stand. */
function Summary({ tests, flowRev }: { tests: readonly FlowTest[]; flowRev: number }) {
  const { whole: graph } = useEditor();
  const ran = tests.filter(({ result }) => result !== null);
  if (ran.length === 0) return null;
  const passed = ran.filter(({ result }) => result?.outcome === "passed").length;
  const stale = ran.filter((test) => isStale(test, flowRev)).length;
  const wires = graph.edges.size;
  const along = new Set(ran.flatMap(({ result }) => Object.keys(result?.wires ?? {})));
  const tried = [...along].filter((wire) => graph.edges.has(wire)).length;
  return (
    <span className={passed < ran.length ? "tests__failure" : "muted"}>
      {`${String(passed)} of ${count(ran.length, "test")} passed`}
      {stale > 0 && <span className="muted">{`, ${String(stale)} before the last edit`}</span>}
      <span className="muted">{`; messages went along ${String(tried)} of ${count(wires, "wire")}`}</span>
    </span>
  );
}
