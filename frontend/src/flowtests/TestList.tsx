import { useReadable } from "../live/hooks";
import { walkRows } from "../ui/walkRows";
import { openedTest } from "./opened";
import { outcomeOf } from "./ResultLine";
import { isStale, phaseOf, type Tests } from "./store";

/** The tests by name, with what became of each and which one is being run. */
export function TestList({ store, opened }: { store: Tests; opened: string | null }) {
  const { tests, stale, loaded } = useReadable(store.listed);
  const running = useReadable(store.running);
  return (
    <ul className="tests__list" aria-label="Tests" onKeyDown={walkRows}>
      {tests.map((test) => {
        const phase = phaseOf(test.id, running);
        const { mark, text } = outcomeOf(test, phase);
        const old = phase === "rests" && isStale(test, stale);
        return (
          <li key={test.id}>
            <button
              type="button"
              className={`tests__test is-${mark}${old || phase === "waits" ? " tests__test--stale" : ""}`}
              aria-pressed={test.id === opened}
              onClick={() => openedTest.set(test.id)}
            >
              <i className={phase === "runs" ? "mark is-turning" : "mark"} aria-hidden="true" />
              <span className="grow clip">{test.name}</span>
              {old && <span className="muted small">edited since</span>}
              {phase === "waits" && <span className="muted small">waits</span>}
              <span className="unseen">{text}</span>
            </button>
          </li>
        );
      })}
      {!loaded && <li className="muted small tests__none">Loading …</li>}
    </ul>
  );
}
