import type { ControlProps } from "../FormContext";
import { type Reading, useTextDraft } from "../useTextDraft";

interface SourceAreaProps extends ControlProps {
  reading: Reading;
  rows: number;
  language?: string | undefined;
}

/** Source text in the mono face; Tab keeps moving the focus, so that a keyboard is never trapped here. */
export function SourceArea(props: SourceAreaProps) {
  const { id, path, field, value, describedBy, invalid, disabled, reading, rows, language } = props;
  const draft = useTextDraft(path, value, reading);
  return (
    <div className={`codearea ${invalid ? "input--error" : ""} ${disabled ? "input--readonly" : ""}`}>
      <textarea
        id={id}
        rows={rows}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        value={draft.text}
        readOnly={disabled}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        aria-required={field.required}
        onChange={(event) => draft.onChange(event.target.value)}
        onBlur={draft.onBlur}
        onKeyDown={draft.onKeyDown}
      />
      {language && <span className="codearea__language">{language}</span>}
    </div>
  );
}
