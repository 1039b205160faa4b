import { useId } from "react";

import type { Preview } from "../core/mappingTypes";
import { fromPointer } from "../forms/schema/pointer";
import { resultRows, unplaced, type ResultRow } from "./resultRows";
import type { Previewed } from "./usePreview";

const OUTCOMES = {
  valid: { state: "is-ok", title: "Fits the target" },
  invalid: { state: "is-error", title: "Does not fit the target" },
  unverifiable: { state: "is-warning", title: "Only messages will tell" },
} as const;
const LEVELS = { invalid: "is-error", unverifiable: "is-warning", warning: "is-warning" } as const;

/** What the target would get, and whether it takes that. */
export function ResultPane({ shown, words }: { shown: Previewed; words: string }) {
  const { preview, busy, failure } = shown;
  const id = useId();
  return (
    <section className="mapping__pane" aria-labelledby={id} aria-busy={busy}>
      <header className="mapping__head">
        <h3 id={id}>Result</h3>
        {preview && (
          <p className={`mapping__outcome ${OUTCOMES[preview.outcome].state}`} role="status">
            <i className="mark" aria-hidden="true" />
            {OUTCOMES[preview.outcome].title}
          </p>
        )}
        <span className="mapping__of small muted">for {words}</span>
      </header>
      <div className="mapping__scroll mapping__result" tabIndex={0} aria-labelledby={id}>
        {failure !== "" && (
          <p className="mapping__failure is-warning" role="status">
            <i className="mark" aria-hidden="true" />
            {failure}
          </p>
        )}
        {preview ? (
          <Result preview={preview} />
        ) : (
          failure === "" && <p className="muted small">Working it out …</p>
        )}
      </div>
    </section>
  );
}

function Result({ preview }: { preview: Preview }) {
  const { rows, more } = resultRows(preview);
  const others = unplaced(preview, rows);
  return (
    <>
      {others.length > 0 && (
        <ul className="mapping__findings">
          {others.map(({ field, code, message, level }) => (
            <li key={`${field} ${code} ${message}`} className={LEVELS[level]}>
              <i className="mark" aria-hidden="true" />
              <span>
                {field !== "" && <code>{fromPointer(field).join(".")}: </code>}
                {message}
              </span>
            </li>
          ))}
        </ul>
      )}
      <ul className="mapping__lines">
        {rows.map((row) => (
          <Line key={row.pointer} row={row} />
        ))}
      </ul>
      {more && <p className="muted small">The result goes on; this is its beginning.</p>}
    </>
  );
}

function Line({ row: { name, depth, text, kind, level, why } }: { row: ResultRow }) {
  return (
    <li className={level ? LEVELS[level] : undefined} data-depth={Math.min(depth, 12)}>
      <code className="mapping__line">
        {name !== "" && <span className="mapping__key">{name}: </span>}
        <span className={`mapping__json mapping__json--${kind}`}>{text}</span>
      </code>
      {why !== "" && (
        <span className="mapping__why">
          <i className="mark" aria-hidden="true" />
          {why}
        </span>
      )}
    </li>
  );
}
