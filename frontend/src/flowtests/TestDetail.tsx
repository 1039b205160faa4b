import { useCallback, useEffect, useMemo, useState } from "react";
import { useCan, useEditor, useReadable } from "../live/hooks";
import { madeUp } from "../scenarios/madeUp";
import { scenariosOf } from "../scenarios/store";
import { Icon } from "../ui/Icon";
import { NameField } from "../ui/NameField";
import { AnswerEditor } from "./AnswerEditor";
import { ExpectEditor } from "./ExpectEditor";
import { GivenEditor } from "./GivenEditor";
import { MoreEditor } from "./MoreEditor";
import { PartList, type Part } from "./PartList";
import { answersOf, givensOf, placeOf, withAnswers, withGivens } from "./parts";
import { freeOutput, nextInput } from "./places";
import { ResultLine } from "./ResultLine";
import { useScenarioNames } from "./useScenarioNames";
import { isRunning, phaseOf, type Tests } from "./store";
import type { Answer, Expect, FlowTest, Given, TestBody } from "./types";
import { useCanvasResult } from "./useCanvasResult";
import { useFocus } from "./useFocus";

interface TestDetailProps {
  store: Tests;
  test: FlowTest;
  /** Whether it was made just now, and has no name of its own yet. */
  fresh: boolean;
  onRun: () => void;
  onDelete: () => void;
  onProblem: (error: unknown) => void;
}

/** One test: its name, what it gives and expects, and what became of it. */
export function TestDetail({ store, test, fresh, onRun, onDelete, onProblem }: TestDetailProps) {
  const can = useCan();
  const editor = useEditor();
  const state = useReadable(store.running);
  const [phase, running] = [phaseOf(test.id, state), isRunning(state)];
  const { stale } = useReadable(store.listed);
  const scenarios = useScenarioNames(scenariosOf(store.flow));
  const [wanted, setPart] = useState<Part | null>(null);
  useCanvasResult(test.result);
  const cut = test.result?.cut === true;
  useEffect(() => {
    if (cut) store.whole(test.id).catch(onProblem);
  }, [store, test.id, test.ran_at, cut, onProblem]);
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
  const answers = answersOf(body);
  const [given, answer, expect] = [givens[index], answers[index], body.expect[index]];
  const at = givens[0]?.at ?? "";
  const read = useCallback(() => store.find(test.id)?.body, [store, test.id]);
  const ways = useMemo(() => waysTo(index, read, write), [index, read, write]);
  const { within, next: focusNext } = useFocus(part);
  const addAnswer = async (wanted?: string): Promise<void> => {
    const output = freeOutput(body, editor, wanted);
    const message = await madeUp(store.flow, placeOf(output).node, placeOf(output).port);
    void write((now) =>
      withAnswers(now, [...answersOf(now).filter((one) => one.at !== output), { at: output, message }]),
    );
    focusNext("form");
    setPart({ of: "answers", index: answersOf(read() ?? body).findIndex((one) => one.at === output) });
  };
  const add = (kind: Part["of"]): void => {
    if (kind === "answers") return void addAnswer();
    const input = nextInput(body, editor.graph);
    if (kind === "given") void write((now) => withGivens(now, [...givensOf(now), { at, message: {} }]));
    if (kind === "expect")
      void write((now) => ({ ...now, expect: [...now.expect, { at: input, message: {} }] }));
    focusNext("form");
    setPart({ of: kind, index: kind === "given" ? givens.length : body.expect.length });
  };
  const leaveOut = (): void => {
    const others = (_: unknown, one: number): boolean => one !== index;
    focusNext("row");
    void write((now) => {
      if (of === "given") return withGivens(now, givensOf(now).filter(others));
      if (of === "answers") return withAnswers(now, answersOf(now).filter(others));
      return { ...now, expect: now.expect.filter(others) };
    });
    setPart({ of: of === "answers" ? "more" : of, index: of === "answers" ? 0 : Math.max(0, index - 1) });
  };
  const readOnly = can.edit ? null : "You may look at this test, not change it.";
  const name = `test:${test.id}:${of}:${String(index)}`;
  return (
    <section className="tests__detail" aria-label={test.name}>
      <header className="tests__head">
        <NameField
          label="Name of the test"
          name={test.name}
          editable={can.edit}
          fresh={fresh}
          onRename={(name) => void store.edit(test.id, (one) => ({ ...one, name })).catch(onProblem)}
        />
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
      <ResultLine
        test={test}
        stale={stale}
        phase={phase}
        onAnswer={can.edit ? (node) => void addAnswer(node) : null}
      />
      <div className="tests__body" ref={within}>
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
              {...ways.given}
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
              {...ways.expect}
              onDelete={leaveOut}
            />
          )}
          {of === "answers" && answer && (
            <AnswerEditor
              key={name}
              name={name}
              answer={answer}
              readOnly={readOnly}
              {...ways.answers}
              onDelete={leaveOut}
            />
          )}
          {of === "more" && (
            <MoreEditor name={name} body={body} readOnly={readOnly} read={read} write={write} />
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

type Write = (change: (body: TestBody) => TestBody) => Promise<void>;

/** How the editors of one place read and write it. */
function waysTo(index: number, body: () => TestBody | undefined, write: Write) {
  const put = <T,>(list: readonly T[], next: T): T[] => list.map((one, at) => (at === index ? next : one));
  const now = (): TestBody => body() ?? { given: [], expect: [] };
  return {
    given: {
      read: () => givensOf(now())[index],
      write: (next: Given) => write((old) => withGivens(old, put(givensOf(old), next))),
    },
    answers: {
      read: () => answersOf(now())[index],
      write: (next: Answer) => write((old) => withAnswers(old, put(answersOf(old), next))),
    },
    expect: {
      read: () => now().expect[index],
      write: (next: Expect) => write((old) => ({ ...old, expect: put(old.expect, next) })),
    },
  };
}

/** The part, if the test has one there. */
function inside(part: Part | null, body: TestBody): Part | null {
  if (!part) return null;
  const lengths = {
    given: givensOf(body).length,
    answers: answersOf(body).length,
    expect: body.expect.length,
    more: 1,
  };
  return part.index < lengths[part.of] ? part : null;
}
