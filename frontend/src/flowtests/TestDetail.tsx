import { useCallback, useState } from "react";
import { useCan, useReadable } from "../live/hooks";
import { scenariosOf } from "../scenarios/store";
import { Icon } from "../ui/Icon";
import { ExpectEditor } from "./ExpectEditor";
import { GivenEditor } from "./GivenEditor";
import { PartList, type Part } from "./PartList";
import { givensOf, withGivens } from "./parts";
import { ResultLine } from "./ResultLine";
import { useScenarioNames } from "./useScenarioNames";
import type { Tests } from "./store";
import { TestName } from "./TestName";
import type { Expect, FlowTest, Given, TestBody } from "./types";
import { useCanvasResult } from "./useCanvasResult";

interface TestDetailProps {
  store: Tests;
  test: FlowTest;
  onRun: () => void;
  onDelete: () => void;
  onProblem: (error: unknown) => void;
}

/** One test: its name, what it gives and expects, and what became of it. */
export function TestDetail({ store, test, onRun, onDelete, onProblem }: TestDetailProps) {
  const can = useCan();
  const running = useReadable(store.running).has(test.id);
  const { flowRev } = useReadable(store.listed);
  const scenarios = useScenarioNames(scenariosOf(store.flow));
  const [wanted, setPart] = useState<Part | null>(null);
  useCanvasResult(test.result);
  const { body } = test;
  const givens = givensOf(body);
  // What was found is of the expectations that were there: after an edit only those that stand are told.
  const findings = test.ran_rev === test.rev ? (test.result?.findings ?? []) : [];
  const broken = findings.findIndex((one) => !one.held);
  const part = inside(wanted, body) ?? { of: broken >= 0 ? "expect" : "given", index: Math.max(0, broken) };
  const write = useCallback(
    (change: (body: TestBody) => TestBody): Promise<void> => {
      const sent = store.edit(test.id, (one) => ({ ...one, body: change(one.body) }));
      sent.catch(onProblem);
      return sent;
    },
    [store, test.id, onProblem],
  );
  const { of, index } = part;
  const readGiven = useCallback(
    () => givensOf(store.find(test.id)?.body ?? { given: [], expect: [] })[index],
    [store, test.id, index],
  );
  const writeGiven = useCallback(
    (next: Given) =>
      write((now) =>
        withGivens(
          now,
          givensOf(now).map((one, at) => (at === index ? next : one)),
        ),
      ),
    [write, index],
  );
  const readExpect = useCallback(() => store.find(test.id)?.body.expect[index], [store, test.id, index]);
  const writeExpect = useCallback(
    (next: Expect) =>
      write((now) => ({ ...now, expect: now.expect.map((one, at) => (at === index ? next : one)) })),
    [write, index],
  );
  const [given, expect] = [givens[index], body.expect[index]];
  const at = givens[0]?.at ?? "";
  const add = (kind: Part["of"]): void => {
    if (kind === "given") void write((now) => withGivens(now, [...givensOf(now), { at, message: {} }]));
    else void write((now) => ({ ...now, expect: [...now.expect, { at, message: {} }] }));
    setPart({ of: kind, index: kind === "given" ? givens.length : body.expect.length });
  };
  const leaveOut = (): void => {
    if (of === "given")
      void write((now) =>
        withGivens(
          now,
          givensOf(now).filter((_, one) => one !== index),
        ),
      );
    else void write((now) => ({ ...now, expect: now.expect.filter((_, one) => one !== index) }));
    setPart({ of, index: Math.max(0, index - 1) });
  };
  const readOnly = can.edit ? null : "You may look at this test, not change it.";
  const name = `test:${test.id}:${of}:${String(index)}`;
  return (
    <section className="tests__detail" aria-label={test.name}>
      <header className="tests__head">
        <TestName store={store} test={test} editable={can.edit} onProblem={onProblem} />
        <label className="line small">
          <span className="muted">with</span>
          <select
            className="select"
            aria-label="Scenario of the test"
            value={body.scenario ?? ""}
            disabled={!can.edit}
            onChange={(event) => {
              const { scenario: _, ...rest } = body;
              const { value } = event.target;
              void write(() => (value === "" ? rest : { ...rest, scenario: value }));
            }}
          >
            <option value="">no scenario</option>
            {[...new Set([...scenarios, ...(body.scenario ? [body.scenario] : [])])].map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <span className="grow" />
        {can.control && (
          <button
            type="button"
            className="btn btn--s"
            aria-disabled={running}
            onClick={running ? undefined : onRun}
          >
            <Icon name="play" size="s" />
            Run
          </button>
        )}
        {can.edit && (
          <button
            type="button"
            className="btn btn--plain btn--s btn--icon"
            aria-label={`Delete ${test.name}`}
            title="Delete"
            onClick={onDelete}
          >
            <Icon name="trash" />
          </button>
        )}
      </header>
      <ResultLine test={test} flowRev={flowRev} running={running} />
      <div className="tests__body">
        <PartList
          test={test}
          part={part}
          editable={can.edit}
          findings={findings}
          onChoose={setPart}
          onAdd={add}
        />
        <div className="tests__form">
          {of === "given" && given && (
            <GivenEditor
              key={name}
              name={name}
              given={given}
              sampled={body.scenario !== undefined}
              readOnly={readOnly}
              read={readGiven}
              write={writeGiven}
              onDelete={givens.length > 1 ? leaveOut : null}
            />
          )}
          {of === "expect" && expect && (
            <ExpectEditor
              key={name}
              name={name}
              expect={expect}
              finding={findings[index]}
              at={at}
              readOnly={readOnly}
              read={readExpect}
              write={writeExpect}
              onDelete={leaveOut}
            />
          )}
          {test.result?.notes?.map((note) => (
            <p key={note} className="small muted">
              {note}
            </p>
          ))}
        </div>
      </div>
    </section>
  );
}

/** The part, if the test has one there. */
function inside(part: Part | null, body: TestBody): Part | null {
  if (!part) return null;
  const length = part.of === "given" ? givensOf(body).length : body.expect.length;
  return part.index < length ? part : null;
}
