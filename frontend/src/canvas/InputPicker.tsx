import type { KeyboardEvent } from "react";
import type { WireEnds } from "../core/connect";
import type { EditorHandle } from "../core/editorTypes";
import { isSystemPort } from "../core/geometry";
import { useEditor } from "../live/hooks";
import { closeAround, Dialog, moveFocus } from "../ui/Dialog";
import { judge, wire } from "./useWiring";

/** So many can be looked through with the arrow keys; the rest is reached by drag. */
const MAX_CHOICES = 200;

interface Choice {
  readonly key: string;
  readonly ends: WireEnds;
  readonly from: string;
  readonly to: string;
}

/** Wiring without a pointer: every input that an output of the chosen node may lead to. */
export default function InputPicker({ node, close: onClose }: { node: string; close: () => void }) {
  const editor = useEditor();
  const choices = choicesFrom(editor, node);
  const onKeyDown = (event: KeyboardEvent<HTMLDialogElement>): void => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    moveFocus(event.currentTarget, "[data-choice]", event.key === "ArrowDown" ? 1 : -1);
  };
  const name = editor.graph.nodes.get(node)?.label ?? "this node";
  return (
    <Dialog title={`Connect ${name}`} onClose={onClose} onKeyDown={onKeyDown}>
      {choices.length === 0 && <p className="muted">No input in this flow can take what it sends.</p>}
      <ul className="dialog__list" aria-label="Inputs">
        {choices.map(({ key, ends, from, to }) => (
          <li key={key}>
            <button
              type="button"
              className="dialog__row"
              data-choice
              onClick={(event) => {
                closeAround(event.currentTarget);
                wire(editor, ends);
              }}
            >
              <span className="muted">{from} to</span>
              <span className="grow clip">{to}</span>
            </button>
          </li>
        ))}
      </ul>
      <div className="dialog__foot">
        <button type="button" className="btn btn--s" onClick={(event) => closeAround(event.currentTarget)}>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}

function choicesFrom(editor: EditorHandle, source: string): Choice[] {
  const portsOf = (id: string, wantSource: boolean) =>
    editor.portsOf(id).filter((port) => port.source === wantSource && !isSystemPort(port.name));
  const choices: Choice[] = [];
  for (const output of portsOf(source, true)) {
    for (const target of editor.graph.nodes.values()) {
      for (const input of portsOf(target.id, false)) {
        const ends = { source, source_port: output.name, target: target.id, target_port: input.name };
        if (!judge(editor, ends).ok) continue;
        const to = `${target.label || target.component}: ${input.label || input.name}`;
        choices.push({
          key: `${output.name}\n${target.id}\n${input.name}`,
          ends,
          from: output.label || output.name,
          to,
        });
        if (choices.length === MAX_CHOICES) return choices;
      }
    }
  }
  return choices;
}
