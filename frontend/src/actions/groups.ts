import { addNote, deleteWithNodes, makeGroup, NOTE_SIZE, setCollapsed, ungroup } from "../core/groups/edits";
import { commonGroup, membersOf } from "../core/groups/frames";
import { ownSelected, unshareSelected } from "../core/groups/sharing";
import type { FlowGroup } from "../core/types";
import { all, hasNodes, mayEdit } from "./conditions";
import type { Action, ActionContext, Place } from "./types";

const ON: readonly Place[] = ["node", "selection"];

/** The group that is picked, or that all selected nodes stand in. */
export function group({ editor, canvas }: ActionContext): FlowGroup | null {
  const picked = canvas.frame.get();
  const found = picked === null ? undefined : editor.graph.groups.get(picked);
  return found ?? commonGroup(editor.graph, editor.selection.get().nodes);
}

function onGroup(run: (context: ActionContext, group: FlowGroup) => void) {
  return (context: ActionContext): void => {
    const found = group(context);
    if (found) run(context, found);
  };
}

const hasGroup = (context: ActionContext): boolean => group(context) !== null;
const isOpen = (context: ActionContext): boolean => group(context)?.collapsed === false;
const isCollapsed = (context: ActionContext): boolean => group(context)?.collapsed === true;

function pickedNote({ editor, canvas }: ActionContext): string | null {
  const picked = canvas.frame.get();
  return picked !== null && editor.graph.notes.has(picked) ? picked : null;
}

/** A frame that is picked, without nodes: Delete and F2 mean it. */
function pickedEmpty(context: ActionContext): boolean {
  const picked = context.canvas.frame.get();
  return picked !== null && context.editor.selection.get().nodes.size === 0;
}

/** The card of a collapsed group stands for its nodes. */
function isCardSelected(context: ActionContext): boolean {
  const found = group(context);
  const { nodes, edges } = context.editor.selection.get();
  if (!found?.collapsed || edges.size > 0) return false;
  const members = membersOf(context.editor.graph, found.id);
  return members.length === nodes.size && members.every(({ id }) => nodes.has(id));
}

const hasOwn = ({ editor }: ActionContext): boolean => ownSelected(editor).length > 0;

function hasShared({ editor }: ActionContext): boolean {
  return [...editor.selection.get().nodes].some((id) => {
    const node = editor.graph.nodes.get(id);
    return node !== undefined && (node.foreign !== null || node.shared.length > 0);
  });
}

export const GROUP_ACTIONS: readonly Action[] = [
  {
    id: "groups.group",
    title: "Group the selected nodes",
    group: "Arrange",
    keys: ["mod+g"],
    on: ON,
    // Groups hold no groups.
    when: all(mayEdit, hasNodes, ({ editor }) => editor.view === null),
    run({ editor, canvas }) {
      const made = makeGroup(editor, editor.selection.get().nodes);
      canvas.frame.set(made);
      canvas.renaming.set(made);
    },
  },
  {
    id: "groups.ungroup",
    title: "Ungroup: keep the nodes",
    group: "Arrange",
    keys: ["mod+shift+g"],
    on: ON,
    when: all(mayEdit, hasGroup),
    run: onGroup(({ editor }, { id }) => ungroup(editor, id)),
  },
  {
    id: "groups.collapse",
    title: "Collapse the group into one card",
    group: "Arrange",
    keys: ["mod+["],
    on: ON,
    when: all(mayEdit, isOpen),
    run: onGroup(({ editor }, { id }) => setCollapsed(editor, id, true)),
  },
  {
    id: "groups.expand",
    title: "Expand the group where it stands",
    group: "Arrange",
    keys: ["mod+]"],
    on: ON,
    when: all(mayEdit, isCollapsed),
    run: onGroup(({ editor }, { id }) => setCollapsed(editor, id, false)),
  },
  {
    id: "groups.rename",
    title: "Rename the group, or write the note",
    group: "Arrange",
    keys: ["F2"],
    on: [],
    when: all(mayEdit, pickedEmpty),
    run: ({ canvas }) => canvas.renaming.set(canvas.frame.get()),
  },
  {
    id: "groups.name",
    title: "Name the group",
    group: "Arrange",
    on: ON,
    when: all(mayEdit, hasGroup),
    run: onGroup(({ canvas }, { id }) => canvas.renaming.set(id)),
  },
  {
    id: "groups.delete-with-nodes",
    title: "Delete the group with its nodes",
    group: "Arrange",
    on: ON,
    when: all(mayEdit, hasGroup),
    run: onGroup(({ editor }, { id }) => deleteWithNodes(editor, id)),
  },
  {
    id: "groups.delete",
    title: "Delete the picked frame or note",
    group: "Arrange",
    keys: ["Delete", "Backspace"],
    on: [],
    when: all(mayEdit, pickedEmpty),
    run(context) {
      const note = pickedNote(context);
      if (note === null) onGroup(({ editor }, { id }) => ungroup(editor, id))(context);
      else context.editor.apply([{ op: "delete_note", id: note }], { label: "Delete a note" });
    },
  },
  {
    id: "groups.delete-card",
    title: "Delete the collapsed group with its nodes",
    group: "Arrange",
    keys: ["Delete", "Backspace"],
    on: [],
    when: all(mayEdit, isCardSelected),
    run: onGroup(({ editor }, { id }) => deleteWithNodes(editor, id)),
  },
  {
    id: "nodes.share",
    title: "Show the selected nodes in another flow",
    group: "Flow",
    on: ON,
    when: all(mayEdit, hasOwn),
    run: ({ canvas }) => canvas.sending.set("share"),
  },
  {
    id: "nodes.move",
    title: "Move the selected nodes to another flow",
    group: "Flow",
    on: ON,
    when: all(mayEdit, hasOwn),
    run: ({ canvas }) => canvas.sending.set("move"),
  },
  {
    id: "nodes.unshare",
    title: "Stop sharing the selected nodes",
    group: "Flow",
    on: ON,
    when: all(mayEdit, hasShared),
    run: ({ editor }) => unshareSelected(editor),
  },
  {
    id: "groups.note",
    title: "Add a note",
    group: "Add",
    keys: ["n"],
    when: mayEdit,
    run({ editor, canvas }) {
      const { x, y } = canvas.place.get() ?? editor.centre.get();
      const made = addNote(editor, { x: x - NOTE_SIZE.width / 2, y: y - NOTE_SIZE.height / 2 });
      canvas.frame.set(made);
      canvas.renaming.set(made);
    },
  },
];
