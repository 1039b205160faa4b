import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import type { CommentApi } from "./commentApi";
import { completed, mentionAt, offers, type Mention } from "./completion";
import { keptDraft, keepDraft } from "./drafts";
import { Names } from "./Names";
import { useNames } from "./useNames";

const LONGEST = 8_000;

interface ComposerProps {
  api: Pick<CommentApi, "people">;
  /** Under which what is not sent yet is kept while the page is open. */
  draft: string;
  label: string;
  /** What stands in it to begin with. */
  initial?: string;
  action: string;
  /** Takes the focus when it is shown. */
  focus?: boolean;
  onSend: (text: string) => Promise<void>;
  onCancel?: () => void;
}

/** Where a comment is written, in Markdown: an `@` offers names, Ctrl Enter sends. What was not taken stays, with the reason. */
export function Composer({
  api,
  draft,
  label,
  initial = "",
  action,
  focus,
  onSend,
  onCancel,
}: ComposerProps) {
  const [text, setText] = useState(() => keptDraft(draft) ?? initial);
  const [mention, setMention] = useState<Mention | null>(null);
  const [at, setAt] = useState(0);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const caret = useRef<number | null>(null);
  const id = useId();
  const names = useNames(api, mention?.typed ?? null);
  const offered = mention ? offers(names, mention.typed) : [];
  const chosen = Math.min(at, offered.length - 1);

  useEffect(() => {
    if (!focus) return;
    // After the drawer, which takes the focus when it is opened.
    const timer = setTimeout(() => field.current?.focus());
    return () => clearTimeout(timer);
  }, [focus]);
  useEffect(() => keepDraft(draft, text === initial ? null : text), [draft, text, initial]);
  useLayoutEffect(() => {
    if (caret.current === null) return;
    field.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });

  const look = (): void => {
    const { value, selectionStart, selectionEnd } = field.current ?? {
      value: "",
      selectionStart: 0,
      selectionEnd: 0,
    };
    setMention(selectionStart === selectionEnd ? mentionAt(value, selectionStart) : null);
  };
  const take = (name: string): void => {
    if (!mention) return;
    const next = completed(text, mention, name);
    caret.current = next.caret;
    setText(next.text);
    setMention(null);
    field.current?.focus();
  };
  const send = async (): Promise<void> => {
    if (busy || text.trim() === "") return;
    setBusy(true);
    setFailure("");
    try {
      await onSend(text);
      keepDraft(draft, null);
      setText(initial);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : "It could not be sent.");
    } finally {
      setBusy(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const name = offered[chosen];
    if (name !== undefined && step !== undefined) setAt((chosen + step + offered.length) % offered.length);
    else if (name !== undefined && (event.key === "Enter" || event.key === "Tab") && !event.ctrlKey)
      take(name);
    else if (name !== undefined && event.key === "Escape") setMention(null);
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
    else if (event.key === "Escape" && onCancel) onCancel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {offered.length > 0 && <Names id={id} names={offered} chosen={chosen} onTake={take} />}
      <textarea
        ref={field}
        className="composer__text"
        aria-label={label}
        aria-describedby={failure ? `${id}-failure` : undefined}
        aria-autocomplete="list"
        aria-controls={offered.length > 0 ? id : undefined}
        aria-activedescendant={offered.length > 0 ? `${id}-${String(chosen)}` : undefined}
        placeholder={`${label}. Markdown; @ names somebody.`}
        rows={2}
        maxLength={LONGEST}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
          look();
        }}
        onSelect={look}
        onBlur={() => setMention(null)}
        onKeyDown={onKeyDown}
      />
      {failure !== "" && (
        <p id={`${id}-failure`} className="composer__failure is-error small" role="alert">
          <i className="mark" aria-hidden="true" />
          {failure}
        </p>
      )}
      <div className="composer__end">
        <span className="small muted grow clip">Ctrl Enter sends</span>
        {onCancel && (
          <button type="button" className="btn btn--plain btn--s" onClick={onCancel}>
            Cancel
          </button>
        )}
        <button className="btn btn--primary btn--s" disabled={busy || text.trim() === ""}>
          {action}
        </button>
      </div>
    </form>
  );
}
