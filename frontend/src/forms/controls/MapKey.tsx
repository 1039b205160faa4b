import { useId, useState } from "react";

interface MapKeyProps {
  name: string;
  label: string;
  taken: ReadonlySet<string>;
  disabled: boolean;
  onRename: (name: string) => void;
  /** Left empty: a new entry that was not wanted after all. */
  onGiveUp?: () => void;
}

/** The name of a map's entry; it changes on Enter or when left, never to one that is taken. */
export function MapKey({ name, label, taken, disabled, onRename, onGiveUp }: MapKeyProps) {
  const [text, setText] = useState<string | null>(null);
  const id = useId();
  const wanted = (text ?? name).trim();
  const clash = wanted !== name && taken.has(wanted);
  const finish = () => {
    if (wanted === "" || wanted === name) {
      setText(null);
      if (wanted === "") onGiveUp?.();
    } else if (!clash) {
      setText(null);
      onRename(wanted);
    }
  };
  return (
    <div className="mapkey">
      <div
        className={`input input--mono ${clash ? "input--error" : ""} ${disabled ? "input--readonly" : ""}`}
      >
        <input
          value={text ?? name}
          readOnly={disabled}
          autoFocus={onGiveUp !== undefined}
          spellCheck={false}
          autoComplete="off"
          placeholder="name"
          aria-label={label}
          aria-invalid={clash}
          aria-describedby={clash ? id : undefined}
          onChange={(event) => setText(event.target.value)}
          onBlur={finish}
          onKeyDown={(event) => {
            if (event.key === "Enter") finish();
            if (event.key === "Escape") {
              event.stopPropagation();
              setText(null);
              onGiveUp?.();
            }
          }}
        />
      </div>
      {clash && (
        <p id={id} className="field__error is-error" role="status">
          <i className="mark" aria-hidden="true" />
          <span>This name is taken</span>
        </p>
      )}
    </div>
  );
}
