import { Overwritten } from "../merging/Overwritten";
import { sayValue } from "../merging/words";
import { keepMine, meets, revert } from "./draft/submit";
import { useDraft, useForm } from "./FormContext";
import { getAt, toPointer } from "./schema/pointer";
import type { Path } from "./schema/types";

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
  if (!draft || !meets(draft, value)) return <Overwritten at={target.key + toPointer(path)} label={label} />;
  return (
    <div className="meeting is-warning" role="group" aria-label={`${label}: changed by somebody else`}>
      <p className="grow" role="status">
        <i className="mark" aria-hidden="true" /> Meanwhile this became{" "}
        <code className="meeting__value">{sayValue(value)}</code>
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
