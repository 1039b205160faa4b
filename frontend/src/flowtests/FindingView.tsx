import type { Json } from "../core/types";
import { Icon } from "../ui/Icon";
import type { Finding } from "./types";

/** Characters of a value that a difference shows. */
const SHOWN = 400;

interface FindingViewProps {
  finding: Finding;
  /** Makes what came the expectation; null where that cannot be. */
  onTake: (() => void) | null;
}

/** What became of one expectation: what was expected and what came instead, place by place. */
export function FindingView({ finding, onTake }: FindingViewProps) {
  const { held, text, differences = [] } = finding;
  const came = "came" in finding ? JSON.stringify(finding.came, null, 2) : null;
  return (
    <section className="stack finding" aria-label="What came">
      <p className={`problem small ${held ? "is-ok" : "is-error"}`}>
        <i className="mark" aria-hidden="true" />
        <span className="problem__text">
          <span className="strong">{held ? "Held: " : "Did not hold: "}</span>
          {text}
        </span>
      </p>
      {!held && onTake && (
        <p>
          <button type="button" className="btn btn--s" onClick={onTake}>
            <Icon name="check" size="s" />
            Take what came as expected
          </button>
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
              <tr key={one.pointer}>
                <th scope="row">
                  <code>{one.pointer || "/"}</code>
                </th>
                <td>
                  <code className="finding__expected">{shown(one.expected)}</code>
                </td>
                <td>
                  {"came" in one ? (
                    <code className="finding__came">{shown(one.came)}</code>
                  ) : (
                    <span className="muted">nothing</span>
                  )}
                </td>
              </tr>
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

function shown(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? "";
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 1)}…`;
}
