/** The way of one edit: into a draft, past the validator, to the server, and out of the draft. */

import { equal, getAt, isWithin, setAt, toPointer } from "../schema/pointer";
import type { FieldError, Json, Path } from "../schema/types";
import type { Draft, Drafts } from "./drafts";

/** What a form is bound to. */
export interface FormTarget {
  /** Name of the form's drafts, e.g. `settings:<node id>`. */
  readonly key: string;
  readonly drafts: Drafts;
  /** The document as the flow holds it now. */
  document(): Json | undefined;
  /** Complaints about a document; null when nobody could check it (then the server decides). */
  check(document: Json | undefined, topic: string): Promise<readonly FieldError[] | null>;
  /**
   * Applies one edit at once (before it returns) and sends it. Resolves with what the server refused, with [] once it is taken.
   * Removal of the field is `undefined`.
   */
  send(path: Path, value: Json | undefined): Promise<readonly FieldError[]>;
}

/**
 * Submits `value` for `path`. What does not pass stays as a held draft with its errors, and so does what meets another's change. An edit inside a held structure becomes
 * part of it, and the structure is tried again as a whole.
 */
export async function submit(
  target: FormTarget,
  path: Path,
  value: Json | undefined,
  text?: string,
): Promise<void> {
  const { drafts, key } = target;
  const holder = drafts.holder(key, path);
  const at = holder?.path ?? path;
  const next = holder ? setAt(holder.value, path.slice(at.length), value) : value;
  if (holder) drafts.drop(key, path);
  const draft = drafts.write(key, {
    phase: "checking",
    path: at,
    value: next,
    text: holder ? undefined : text,
    errors: [],
    base: { value: getAt(target.document(), at) },
  });

  const complaints = await target.check(setAt(target.document(), at, next), toPointer(at));
  // A newer edit of the same field has overtaken this one.
  if (drafts.read(key, at) !== draft) return;
  const own = (complaints ?? []).filter(
    (complaint) => complaint.level !== "warning" && isWithin(complaint.pointer, toPointer(at)),
  );
  if (own.length) {
    drafts.write(key, { ...draft, phase: "held", errors: own });
    return;
  }
  if (meets(draft, getAt(target.document(), at))) {
    drafts.write(key, { ...draft, phase: "held" });
    return;
  }
  const answer = target.send(at, next);
  drafts.drop(key, at);
  const refused = await answer;
  if (!refused.length) return;
  if (drafts.read(key, at)) drafts.rebase(key, at, getAt(target.document(), at));
  else drafts.write(key, { ...draft, phase: "held", errors: refused });
}

/** Somebody else has changed what `draft` was begun on, into something else than what it says. */
export function meets(draft: Draft, current: Json | undefined): boolean {
  const { base, phase, value } = draft;
  if (!base || equal(base.value, current)) return false;
  return phase === "typing" || phase === "unreadable" || !equal(value, current);
}

/** The draft at `path` counts, whatever came meanwhile. */
export function keepMine(target: FormTarget, path: Path): void {
  const { drafts, key } = target;
  drafts.rebase(key, path, getAt(target.document(), path));
  const draft = drafts.read(key, path);
  if (draft?.phase === "held") void submit(target, path, draft.value, draft.text);
}

/** Gives the draft at `path` up, with the structure that holds it: the field shows the flow's value again. */
export function revert(target: FormTarget, path: Path): void {
  const holder = target.drafts.holder(target.key, path);
  target.drafts.drop(target.key, path);
  if (holder) target.drafts.drop(target.key, holder.path);
}
