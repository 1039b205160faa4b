import { useState, type SyntheticEvent } from "react";

import type { SecretName } from "./names";

interface KeepSecretProps {
  id: string;
  label: string;
  /** Fixed where the field names a secret already. */
  name: SecretName;
  fixed: boolean;
  /** Of the value. */
  lines: number;
  /** Whether it is too short for hosts to find it in logs. */
  short: boolean;
  busy: boolean;
  trouble: string;
  keep: (name: SecretName) => void;
  cancel: () => void;
}

/** Under a secret that has been typed: what it shall be called, before it leaves for the cluster. */
export function KeepSecret({
  id,
  label,
  name,
  fixed,
  lines,
  short,
  busy,
  trouble,
  keep,
  cancel,
}: KeepSecretProps) {
  const [own, setOwn] = useState<SecretName | null>(null);
  const chosen = fixed ? name : (own ?? name);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    event.stopPropagation();
    keep(chosen);
  };
  return (
    <div className="secret__keep" role="group" aria-label={`Keep the secret of ${label}`}>
      <p className="muted small" id={`${id}:keep`}>
        It is stored on the cluster and not shown again; the flow holds its name only.
        {lines > 1 && ` ${String(lines)} lines were pasted: paste again rather than type in it.`}
        {short &&
          " With fewer than 6 characters it is hidden in secret fields alone, not in logs, errors and messages."}
      </p>
      <div className="line">
        {fixed ? (
          <code className="grow">
            {name.name}/{name.key}
          </code>
        ) : (
          <>
            <input
              className="input grow"
              aria-label="Name of the secret"
              value={chosen.name}
              maxLength={63}
              spellCheck={false}
              onChange={(event) => setOwn({ ...chosen, name: event.target.value })}
              onKeyDown={(event) => event.key === "Enter" && submit(event)}
            />
            <span aria-hidden="true">/</span>
            <input
              className="input secret__key"
              aria-label="Key in it"
              value={chosen.key}
              maxLength={63}
              spellCheck={false}
              onChange={(event) => setOwn({ ...chosen, key: event.target.value })}
              onKeyDown={(event) => event.key === "Enter" && submit(event)}
            />
          </>
        )}
      </div>
      {trouble && (
        <p className="field__error" role="alert">
          {trouble}
        </p>
      )}
      <div className="line">
        <button type="button" className="btn btn--primary btn--s" disabled={busy} onClick={submit}>
          {busy ? "Storing…" : "Keep secret"}
        </button>
        <button type="button" className="btn btn--plain btn--s" disabled={busy} onClick={cancel}>
          Cancel
        </button>
      </div>
    </div>
  );
}
