import type { Finding, Verdict } from "../../core/types";
import { fromPointer } from "../../forms/schema/pointer";

const TITLES = {
  invalid: "This mapping does not fit",
  unverifiable: "Whether this mapping fits, only messages will tell",
  valid: "This mapping fits",
};
/** Nobody reads more at a time; the rest shows when these are mended. */
const MOST = 8;

/** What the server says about a wire's mapping, field by field. */
export function VerdictNote({ verdict }: { verdict: Verdict | undefined }) {
  if (!verdict || (verdict.outcome === "valid" && verdict.findings.length === 0)) return null;
  const { outcome, findings } = verdict;
  const state = outcome === "invalid" ? "is-error" : outcome === "unverifiable" ? "is-warning" : "is-ok";
  return (
    <section className={`problem ${state}`} aria-label="Check of the mapping" role="status">
      <i className="mark" aria-hidden="true" />
      <div className="problem__text">
        <p className="strong">{TITLES[outcome]}</p>
        <ul>
          {findings.slice(0, MOST).map((finding) => (
            <li key={`${finding.field} ${finding.code} ${finding.message}`}>
              {place(finding)}
              {finding.message}
            </li>
          ))}
        </ul>
        {findings.length > MOST && <p className="muted">and {findings.length - MOST} more</p>}
      </div>
    </section>
  );
}

function place({ field }: Finding) {
  const name = fromPointer(field).join(".");
  return name ? (
    <>
      <code>{name}</code>:{" "}
    </>
  ) : null;
}
