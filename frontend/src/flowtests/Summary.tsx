import { count } from "../core/format";
import { useEditor, useReadable } from "../live/hooks";
import { useRunText } from "./RunTools";
import { isRunning, isStale, type Listed, type Tests } from "./store";

/** How far a run is, or how all tests stand. What is read out is said once at its beginning and once at its end. */
export function Summary({ store }: { store: Tests }) {
  const listed = useReadable(store.listed);
  const running = isRunning(useReadable(store.running));
  const run = useRunText(store);
  const { whole: graph } = useEditor();
  const said = inWords(listed);
  const along = new Set(listed.tests.flatMap(({ result }) => Object.keys(result?.wires ?? {})));
  const tried = [...along].filter((wire) => graph.edges.has(wire)).length;
  // Of a test with very many wires the list does not name them.
  const more = listed.tests.some(
    ({ result }) => result?.cut === true && Object.keys(result.wires).length === 0,
  );
  const bad = listed.failure !== "" || run?.bad === true || said.bad;
  return (
    <>
      <span
        className={`small clip grow tests__summary ${bad && !running ? "tests__failure" : "muted"}`}
        title={run?.text}
      >
        {listed.failure || run?.text}
        {listed.failure === "" && !running && (
          <>
            {run !== null && said.text !== "" && " · "}
            {said.text}
            {said.text !== "" && run === null && (
              <span className="muted">
                {`; messages went along ${more ? "at least " : ""}${String(tried)} of ${count(graph.edges.size, "wire")}`}
              </span>
            )}
          </>
        )}
      </span>
      <span className="unseen" role="status">
        {running
          ? "Tests are being run."
          : listed.failure || [run?.text, said.text].filter(Boolean).join(". ")}
      </span>
    </>
  );
}

function inWords({ tests, stale }: Listed): { readonly text: string; readonly bad: boolean } {
  const ran = tests.filter(({ result }) => result !== null);
  if (ran.length === 0) return { text: "", bad: false };
  const passed = ran.filter(({ result }) => result?.outcome === "passed").length;
  const old = ran.filter((test) => isStale(test, stale)).length;
  const text = `${String(passed)} of ${count(ran.length, "test")} passed`;
  return { text: old > 0 ? `${text}, ${String(old)} before the last edit` : text, bad: passed < ran.length };
}
