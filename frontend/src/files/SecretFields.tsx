import type { NeededSecret } from "./types";

interface SecretFieldsProps {
  secrets: readonly NeededSecret[];
  values: ReadonlyMap<string, string>;
  onChange: (reference: string, value: string) => void;
}

/** Asks for the values of secrets that a file names; what is left empty can be added later. */
export function SecretFields({ secrets, values, onChange }: SecretFieldsProps) {
  if (secrets.length === 0) return null;
  return (
    <section className="stack plan">
      <h3 className="small strong">Secrets</h3>
      <p className="small muted">
        The file has references alone. Values that you give are stored on the cluster; the rest can be added
        later.
      </p>
      {secrets.map(({ name, key, known }) => {
        const reference = `${name}/${key}`;
        return (
          <label key={reference} className="plan__secret">
            <code className="grow clip">{reference}</code>
            {known ? (
              <span className="small muted">there already</span>
            ) : (
              <span className="input">
                <input
                  type="password"
                  autoComplete="off"
                  aria-label={`Value of ${reference}`}
                  value={values.get(reference) ?? ""}
                  onChange={(event) => onChange(reference, event.target.value)}
                />
              </span>
            )}
          </label>
        );
      })}
    </section>
  );
}
