import { useId } from "react";

import type { SecretName } from "./names";
import type { NamedSecret } from "./secretsContext";

interface SecretToolsProps {
  label: string;
  named: SecretName | null;
  known: readonly NamedSecret[];
  page: string;
  choose: (reference: string) => void;
  replace: () => void;
  remove: () => void;
}

/** Under a field that names a secret, or is empty: another one, another value, or none. */
export function SecretTools({ label, named, known, page, choose, replace, remove }: SecretToolsProps) {
  const id = useId();
  const here = named && known.find((one) => one.name === named.name && one.key === named.key);
  const missing = named !== null && !here?.id;
  return (
    <div className="secret__tools">
      {missing && (
        <p className="muted small">
          {named.name}/{named.key} was not added here. Add its value, unless a Secret with this project’s
          label has it.
        </p>
      )}
      <div className="line">
        {known.length > 0 && (
          <>
            <label className="unseen" htmlFor={id}>
              Choose a secret for {label}
            </label>
            <select
              id={id}
              className="secret__choice grow"
              value={here?.reference ?? ""}
              onChange={(event) => event.target.value && choose(event.target.value)}
            >
              <option value="">Choose a secret…</option>
              {known.map((one) => (
                <option key={one.reference} value={one.reference}>
                  {one.name}/{one.key}
                </option>
              ))}
            </select>
          </>
        )}
        {named && (
          <button type="button" className="field__tool" onClick={replace}>
            {here?.id ? "Replace value" : "Add value"}
            <span className="unseen"> of {label}</span>
          </button>
        )}
        {named && (
          <button type="button" className="field__tool" onClick={remove}>
            Remove<span className="unseen"> the secret of {label}</span>
          </button>
        )}
        <a className="field__tool" href={page} target="_blank" rel="noopener">
          All secrets
        </a>
      </div>
    </div>
  );
}
