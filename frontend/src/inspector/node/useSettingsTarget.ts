import { useMemo } from "react";

import { settingsOf } from "../../core/contents";
import type { EditorHandle } from "../../core/editorTypes";
import type { Json, JsonObject, SetSetting } from "../../core/types";
import type { FormTarget } from "../../forms/draft/submit";
import { lift, type Edit } from "../../forms/schema/lift";
import { equal, getAt, toPointer } from "../../forms/schema/pointer";
import { isObject, type Schema } from "../../forms/schema/types";
import { validator, type ValidatorClient } from "../../forms/validator/client";
import { useEditor } from "../../live/hooks";
import { areLoaded } from "../../editing/whenLoaded";
import { readFirst } from "../contents/readFirst";
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
  const document = () => settingsOf(editor.graph.nodes.get(node));
  return {
    key,
    drafts,
    document,
    check: (settings, topic) => checker.check(`${key}#${topic}`, schema, settings ?? {}),
    send: async (path, value) => {
      const unread = areLoaded(editor, [node]) ? null : await readFirst(editor, node);
      if (unread !== null) return [{ pointer: toPointer(path), message: unread }];
      const edit = lift({ path, value }, document(), schema);
      const ops = path.length ? [setSetting(node, edit)] : replaceAll(node, document() ?? {}, value);
      if (!ops) return [{ pointer: "", message: "Settings are an object" }];
      const label = `Set ${String(path.at(-1) ?? "the settings")}`;
      editor.apply(ops, {
        label,
        merge: key + toPointer(path),
      });
      const reason = await verdict(editor, {
        id: node,
        label,
        stands: () => equal(getAt(document(), edit.path), edit.value),
      });
      return reason === null ? [] : [{ pointer: toPointer(path), message: reason }];
    },
  };
}

function setSetting(node: string, { path, value }: Edit): SetSetting {
  const operation: SetSetting = { op: "set_setting", id: node, path: [...path] };
  return value === undefined ? operation : { ...operation, value };
}

/** Settings edited as one JSON document become one operation per field that differs; null when it is no object. */
function replaceAll(node: string, before: JsonObject, after: Json | undefined): SetSetting[] | null {
  if (!isObject(after)) return null;
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => !equal(before[name], after[name]))
    .map((name) => setSetting(node, { path: [name], value: after[name] }));
}
