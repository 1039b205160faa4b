import { keepMine, meets, revert } from "./draft/submit";
import { useDraft, useForm } from "./FormContext";
import { getAt } from "./schema/pointer";
import type { Json, Path } from "./schema/types";

interface MeetingProps {
  path: Path;
  label: string;
}

/** Somebody else has changed a field in which something is typed: both are shown, and the person chooses. */
export function Meeting({ path, label }: MeetingProps) {
  const { target } = useForm();
  const draft = useDraft(path);
  // The flow's own, not that of a structure which is held back and that the field may be in.
  const value = getAt(target.document(), path);
  if (!draft || !meets(draft, value)) return null;
  return (
    <div className="meeting is-warning" role="group" aria-label={`${label}: changed by somebody else`}>
      <p className="grow" role="status">
        <i className="mark" aria-hidden="true" /> Meanwhile this became{" "}
        <code className="meeting__value">{shown(value)}</code>
      </p>
      <button type="button" className="btn btn--s" onClick={() => keepMine(target, path)}>
        Keep mine
      </button>
      <button type="button" className="btn btn--s" onClick={() => revert(target, path)}>
        Take theirs
      </button>
    </div>
  );
}

/** More of a value than this nobody compares in a form. */
const MAX_SHOWN = 200;

function shown(value: Json | undefined): string {
  if (value === undefined) return "not set";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text === "") return "empty";
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)} …` : text;
}
