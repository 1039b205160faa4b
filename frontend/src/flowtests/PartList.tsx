import { count } from "../core/format";
import { useGraph } from "../live/hooks";
import { Icon } from "../ui/Icon";
import { walkRows } from "../ui/walkRows";
import { answersOf, codeOf, givensOf, inShort, KINDS, kindOf } from "./parts";
import { nameOf } from "./places";
import type { Expect, Finding, FlowTest, TestBody } from "./types";

/** Which part of a test is open: a message it gives, an answer, an expectation, by its place; or the rest of it. */
export interface Part {
  readonly of: "given" | "answers" | "expect" | "more";
  readonly index: number;
}

interface PartListProps {
  test: FlowTest;
  part: Part;
  editable: boolean;
  /** Findings are those of the expectations as they stand. */
  findings: readonly Finding[];
  onChoose: (part: Part) => void;
  onAdd: (of: Part["of"]) => void;
}

/** What a test gives and expects, with what became of it. */
export function PartList({ test, part, editable, findings, onChoose, onAdd }: PartListProps) {
  const graph = useGraph();
  const named = (at: string | undefined): string => nameOf(at, graph);
  const row = (one: Part, mark: string, name: string, text: string, said: string) => (
    <li key={`${one.of}${String(one.index)}`}>
      <button
        type="button"
        className={`tests__part is-${mark}`}
        aria-pressed={part.of === one.of && part.index === one.index}
        onClick={() => onChoose(one)}
      >
        {one.of === "expect" && <i className="mark" aria-hidden="true" />}
        <span className="clip">{name}</span>
        <span className="muted small clip grow">{text}</span>
        {said !== "" && <span className="unseen">{said}</span>}
      </button>
    </li>
  );
  const add = (of: Part["of"], text: string) =>
    editable && (
      <button type="button" className="btn btn--plain btn--s" onClick={() => onAdd(of)}>
        <Icon name="plus" size="s" />
        {text}
      </button>
    );
  return (
    <div className="tests__parts">
      <h3 className="small">Given</h3>
      <ul aria-label="Given" onKeyDown={walkRows}>
        {givensOf(test.body).map((given, index) =>
          row({ of: "given", index }, "idle", named(given.at), inShort(given.message), ""),
        )}
      </ul>
      {add("given", "Give another")}
      <h3 className="small">Expected</h3>
      <ul aria-label="Expected" onKeyDown={walkRows}>
        {test.body.expect.map((expect, index) => {
          const finding = findings[index];
          const mark = finding === undefined ? "idle" : finding.held ? "ok" : "error";
          const said = finding === undefined ? "" : finding.held ? "held" : "did not hold";
          const name = kindOf(expect) === "reply" ? "The reply" : expect.at ? named(expect.at) : "The reply";
          return row({ of: "expect", index }, mark, name, textOf(expect), said);
        })}
        {test.body.expect.length === 0 && (
          <li className="muted small tests__none">Nothing but that no error comes back.</li>
        )}
      </ul>
      {add("expect", "Expect something")}
      <h3 className="small">Besides</h3>
      <ul aria-label="Besides" onKeyDown={walkRows}>
        {answersOf(test.body).map(({ at, message }, index) =>
          row({ of: "answers", index }, "idle", `${named(at)} gives`, inShort(message), ""),
        )}
        {row({ of: "more", index: 0 }, "idle", "Time and state", moreText(test.body), "")}
      </ul>
      {add("answers", "Answer for a node")}
    </div>
  );
}

function moreText({ now, within, state }: TestBody): string {
  const parts = [now, within === undefined ? undefined : `within ${String(within)} s`];
  if (state) parts.push(`state of ${count(Object.keys(state).length, "node")}`);
  return parts.filter((part) => part !== undefined).join(", ");
}

function textOf(expect: Expect): string {
  switch (kindOf(expect)) {
    case "message":
      return inShort(expect.message);
    case "reply":
      return inShort(expect.reply);
    case "count":
      return `${String(expect.count)} ×${expect.message === undefined ? "" : ` ${inShort(expect.message, 40)}`}`;
    case "absent":
      return `${KINDS.absent}${expect.message === undefined ? "" : ` like ${inShort(expect.message, 40)}`}`;
    case "error":
      return `fails: ${codeOf(expect) || "any error"}`;
  }
}
