import { useEditor, useGraph, useNode } from "../live/hooks";
import { Icon } from "../ui/Icon";
import { apart } from "./apart";
import { toField } from "./toField";
import { placeOf } from "./parts";
import { inNames } from "./places";
import type { Difference, Finding } from "./types";

interface FindingViewProps {
  finding: Finding;
  /** Makes what came the expectation; null where that cannot be. */
  onTake: (() => void) | null;
}

/** What became of one expectation: what was expected and what came instead, place by place. */
export function FindingView({ finding, onTake }: FindingViewProps) {
  const { held, text, differences = [] } = finding;
  const editor = useEditor();
  const place = placeOf(finding.at);
  const node = useNode(place.node);
  const graph = useGraph();
  const came = "came" in finding ? JSON.stringify(finding.came, null, 2) : null;
  return (
    <section className="stack finding" aria-label="What came">
      <p className={`problem small ${held ? "is-ok" : "is-error"}`}>
        <i className="mark" aria-hidden="true" />
        <span className="problem__text">
          <span className="strong">{held ? "Held: " : "Did not hold: "}</span>
          {inNames(text, graph)}
        </span>
      </p>
      {(node || (!held && onTake)) && (
        <p className="tests__row">
          {!held && onTake && (
            <button type="button" className="btn btn--s" onClick={onTake}>
              <Icon name="check" size="s" />
              Take what came as expected
            </button>
          )}
          {node && (
            <button
              type="button"
              className="btn btn--plain btn--s"
              title="Go to the node"
              onClick={() => editor.reveal(place.node)}
            >
              <Icon name="right" size="s" />
              <span className="clip">{node.label || node.component}</span>
            </button>
          )}
        </p>
      )}
      {differences.length > 0 && (
        <table className="finding__diff small">
          <thead>
            <tr>
              <th scope="col">Where</th>
              <th scope="col">Expected</th>
              <th scope="col">Came</th>
            </tr>
          </thead>
          <tbody>
            {differences.map((one) => (
              <Row key={one.pointer} {...one} />
            ))}
          </tbody>
        </table>
      )}
      {came !== null && (
        <details>
          <summary className="small">The message that came</summary>
          <pre className="json" tabIndex={0} aria-label="The message that came">
            {came}
          </pre>
        </details>
      )}
    </section>
  );
}

/** One place where they differ; its name leads to the field that expects it. */
function Row(difference: Difference) {
  const { pointer } = difference;
  const [expected, came] = apart(difference.expected, difference.came);
  return (
    <tr>
      <th scope="row">
        <button
          type="button"
          className="finding__place"
          title="Go to what is expected there"
          onClick={(event) => toField(event.currentTarget, pointer)}
        >
          <code>{pointer || "/"}</code>
        </button>
      </th>
      <td>
        <code className="finding__expected">{expected}</code>
      </td>
      <td>
        {came === null ? (
          <span className="muted">nothing</span>
        ) : (
          <code className="finding__came">{came}</code>
        )}
      </td>
    </tr>
  );
}
