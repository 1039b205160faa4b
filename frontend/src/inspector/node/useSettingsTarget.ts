import { useMemo } from "react";

import type { EditorHandle } from "../../core/editorTypes";
import type { FormTarget } from "../../forms/draft/submit";
import { lift } from "../../forms/schema/lift";
import { equal, getAt, toPointer } from "../../forms/schema/pointer";
import type { Schema } from "../../forms/schema/types";
import { validator, type ValidatorClient } from "../../forms/validator/client";
import { useEditor } from "../../live/hooks";
import { drafts } from "../drafts";
import { verdict } from "../verdict";

/** Binds a settings form to a node: edits become `set_setting` operations. */
export function useSettingsTarget(node: string, schema: Schema): FormTarget {
  const editor = useEditor();
  return useMemo(() => settingsTarget(editor, node, schema), [editor, node, schema]);
}

export function settingsTarget(
  editor: EditorHandle,
  node: string,
  schema: Schema,
  checker: Pick<ValidatorClient, "check"> = validator,
): FormTarget {
  const key = `settings:${node}`;
  const document = () => editor.graph.nodes.get(node)?.settings;
  return {
    key,
    drafts,
    document,
    check: (settings, topic) => checker.check(`${key}#${topic}`, schema, settings ?? {}),
    send: async (path, value) => {
      const edit = lift({ path, value }, document(), schema);
      const operation = { op: "set_setting" as const, id: node, path: [...edit.path] };
      const label = `Set ${String(path.at(-1) ?? "the settings")}`;
      editor.apply([edit.value === undefined ? operation : { ...operation, value: edit.value }], {
        label,
        merge: key + toPointer(path),
      });
      const reason = await verdict(editor, node, () => equal(getAt(document(), edit.path), edit.value));
      return reason === null ? [] : [{ pointer: toPointer(path), message: reason }];
    },
  };
}
