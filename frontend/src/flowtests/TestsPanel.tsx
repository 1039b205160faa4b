import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Refusal } from "../core/errors";
import { isSystemPort } from "../core/geometry";
import { Drawer } from "../drawer/Drawer";
import { useCan, useEditor, useFlow, useGraph, useReadable } from "../live/hooks";
import { testHints } from "../live/testHints";
import { freeName } from "../scenarios/capture";
import { Icon } from "../ui/Icon";
import "./flowtests.css";
import { NoTests } from "./NoTests";
import { openedTest } from "./opened";
import { RunTools } from "./RunTools";
import { isRunning, testsOf } from "./store";
import { Summary } from "./Summary";
import { TestDetail } from "./TestDetail";
import { TestList } from "./TestList";
import type { FlowTest } from "./types";
import { useFreshTests } from "./useFreshTests";
import { useTold } from "./useKept";
import { useRunAfterEdits } from "./useRunAfterEdits";

/** The flow's tests: what is given at a port and what is expected at others; run on the server, told on the canvas. */
export function TestsPanel({ onClose }: { onClose: () => void }) {
  const editor = useEditor();
  const can = useCan();
  const flow = useFlow().id;
  const graph = useGraph();
  const store = useMemo(() => testsOf(flow), [flow]);
  const { tests, loaded, failure } = useReadable(store.listed);
  const opened = useReadable(openedTest);
  const [always, setAlways] = useState(false);
  const [fresh, setFresh] = useState<string | null>(null);
  const leaving = useRef(false);
  useEffect(() => {
    if (!leaving.current) return;
    leaving.current = false;
    // The button that was pressed is gone with its test.
    document.querySelector<HTMLElement>('.tests__test[aria-pressed="true"], .tests__ways .btn')?.focus();
  }, [opened]);
  const tell = useTold();
  const run = useCallback(
    (ids: readonly string[] | null): void => {
      store.run(ids).catch(tell);
    },
    [store, tell],
  );
  useFreshTests(store);
  const wish = useReadable(testHints.wish);
  useEffect(() => {
    if (!wish || !loaded) return;
    testHints.wish.set(false);
    if (tests.length > 0 && !isRunning(store.running.get())) run(null);
  }, [wish, loaded, tests, store, run]);
  useRunAfterEdits(
    store,
    always && can.control,
    useCallback(
      (ids) => {
        // Whoever runs them already runs them for this page, too.
        store.run(ids).catch((error: unknown) => {
          if (!(error instanceof Refusal && error.code === "tests_running")) tell(error);
        });
      },
      [store, tell],
    ),
  );
  const shown = tests.find(({ id }) => id === opened) ?? null;
  const add = async (): Promise<void> => {
    const name = freeName(
      "New test",
      tests.map((one) => one.name),
    );
    const made = await store.create(name, { given: { at: firstPort(), message: {} }, expect: [] });
    setFresh(made.id);
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
    const at = tests.indexOf(test);
    const next = tests[at + 1] ?? tests[at - 1];
    await store.remove(test.id);
    leaving.current = true;
    openedTest.set(next?.id ?? null);
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
          {can.control && <RunTools store={store} run={run} onProblem={tell} />}
          {can.edit && (
            <button type="button" className="btn btn--plain btn--s" onClick={() => void add().catch(tell)}>
              <Icon name="plus" size="s" />
              <span className="tests__word">New test</span>
            </button>
          )}
          {can.control && (
            <button
              type="button"
              className="btn btn--plain btn--s"
              aria-pressed={always}
              title="While this is open, run tests again when an edit made their results old"
              onClick={() => setAlways(!always)}
            >
              <Icon name="retry" size="s" />
              <span className="tests__word">After each edit</span>
            </button>
          )}
          <Summary store={store} />
        </>
      }
    >
      {loaded && tests.length === 0 && failure === "" ? (
        <NoTests onNew={can.edit ? () => void add().catch(tell) : null} empty={graph.nodes.size === 0} />
      ) : (
        <div className="tests">
          <TestList store={store} opened={opened} />
          {shown ? (
            <TestDetail
              key={shown.id}
              store={store}
              test={shown}
              fresh={shown.id === fresh}
              onRun={() => run([shown.id])}
              onDelete={() => void remove(shown).catch(tell)}
              onProblem={tell}
            />
          ) : (
            <p className="drawer__empty small">Choose a test to see what it gives and expects.</p>
          )}
        </div>
      )}
    </Drawer>
  );
}
