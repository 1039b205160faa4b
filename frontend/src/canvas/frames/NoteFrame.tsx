import { memo, useEffect, useRef, type KeyboardEvent } from "react";
import type { FlowNote } from "../../core/types";
import { useCan, useEditor } from "../../live/hooks";
import { useDiffers } from "../../live/past";
import { useCanvasState, useIs } from "../canvasState";
import { useCarriedIds } from "../carrying";
import { FrameTools } from "./FrameTools";
import { useFrameDrag } from "./useFrameDrag";
import { LateMarkdown } from "../../ui/LateMarkdown";

/** A note: Markdown that a double click or Enter makes a field. */
export const NoteFrame = memo(function NoteFrame({ note }: { note: FlowNote }) {
  const editor = useEditor();
  const { edit } = useCan();
  const { frame, renaming } = useCanvasState();
  const picked = useIs(frame, note.id);
  const writing = useIs(renaming, note.id) && edit;
  const { rect, bar, corner } = useFrameDrag(note.id, note);
  const { id } = note;
  const classes = ["frame", "frame--note", `is-${note.colour}`];
  const { differs, mark } = useDiffers(note.id);
  if (picked) classes.push("is-picked");
  if (differs) classes.push(`differs-${differs}`);
  if (useCarriedIds().has(note.id)) classes.push("carried");
  const pick = (): void => {
    frame.set(id);
    editor.select({});
  };
  const write = (): void => {
    if (edit) renaming.set(id);
  };
  return (
    <section
      className={classes.join(" ")}
      style={{ left: rect.x, top: rect.y, width: rect.width, height: rect.height }}
      aria-label="Note"
      data-frame={id}
    >
      {writing ? (
        <NoteField note={note} done={() => renaming.set(null)} />
      ) : (
        <div
          className="frame__text nopan"
          // Read by scrolling and edited by Enter: it has to take the focus.
          tabIndex={0}
          role="article"
          {...bar}
          onPointerDown={(event) => {
            pick();
            bar.onPointerDown(event);
          }}
          onFocus={pick}
          onDoubleClick={write}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.target !== event.currentTarget) return;
            event.preventDefault();
            write();
          }}
        >
          {note.text ? <LateMarkdown text={note.text} /> : <p className="muted">Double-click to write</p>}
        </div>
      )}
      {mark}
      {picked && edit && (
        <FrameTools
          frame={rect}
          colour={note.colour}
          onColour={(colour) =>
            editor.apply([{ op: "set_note", id, fields: { colour } }], { label: "Colour a note" })
          }
          tools={[
            { icon: "edit", label: "Write (Enter)", run: write },
            {
              icon: "trash",
              label: "Delete this note",
              run: () => editor.apply([{ op: "delete_note", id }], { label: "Delete a note" }),
            },
          ]}
        />
      )}
      {edit && <span className="frame__corner nopan" {...corner} />}
    </section>
  );
});

function NoteField({ note, done }: { note: FlowNote; done: () => void }) {
  const editor = useEditor();
  const field = useRef<HTMLTextAreaElement>(null);
  const ended = useRef(false);

  useEffect(() => field.current?.focus(), []);

  const finish = (): void => {
    if (ended.current) return;
    ended.current = true;
    const text = field.current?.value ?? "";
    if (text !== note.text) {
      editor.apply([{ op: "set_note", id: note.id, fields: { text } }], { label: "Write a note" });
    }
    done();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    // A page of text is dear: Escape leaves the field and loses nothing. Undo takes it back.
    if (event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey))) finish();
  };
  return (
    <textarea
      ref={field}
      className="frame__field nodrag nopan nowheel"
      aria-label="Text of the note, in Markdown"
      placeholder="Markdown. Escape ends, and keeps what is written."
      defaultValue={note.text}
      maxLength={20_000}
      onKeyDown={onKeyDown}
      onBlur={finish}
    />
  );
}
