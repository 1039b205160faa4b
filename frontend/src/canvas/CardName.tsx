import { useEffect, useRef, type KeyboardEvent } from "react";
import { useEditor } from "../live/hooks";
import { focusCard } from "./focus";
import { useCanvasState, useIs } from "./canvasState";

/** The card's title; a field while it is being renamed. */
export function CardName({ id, name }: { id: string; name: string }) {
  const { renaming } = useCanvasState();
  const isRenaming = useIs(renaming, id);
  if (isRenaming) return <NameField id={id} name={name} done={() => renaming.set(null)} />;
  return (
    <h3 className="card__name" title={name}>
      {name}
    </h3>
  );
}

function NameField({ id, name, done }: { id: string; name: string; done: () => void }) {
  const editor = useEditor();
  const field = useRef<HTMLInputElement>(null);
  const ended = useRef(false);

  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);

  const finish = (keep: boolean): void => {
    // Enter ends the field, and taking it away makes it lose focus: only the first of the two counts.
    if (ended.current) return;
    ended.current = true;
    const label = field.current?.value.trim() ?? "";
    if (keep && label !== "" && label !== name) {
      editor.apply([{ op: "set_node", id, fields: { label } }], { label: `Rename ${name}` });
    }
    done();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key !== "Enter" && event.key !== "Escape") return;
    finish(event.key === "Enter");
    focusCard(id);
  };

  return (
    <input
      ref={field}
      className="card__rename nodrag nopan"
      aria-label={`Name of ${name}`}
      defaultValue={name}
      maxLength={120}
      onKeyDown={onKeyDown}
      onBlur={() => finish(true)}
    />
  );
}
