import { useMemo } from "react";

import { mappingOf } from "../../core/contents";
import type { EditorHandle } from "../../core/editorTypes";
import type { FormTarget } from "../../forms/draft/submit";
import type { Expressions } from "../../forms/expressions/types";
import { lift } from "../../forms/schema/lift";
import { equal, getAt, setAt, toPointer } from "../../forms/schema/pointer";
import { isObject, type Schema } from "../../forms/schema/types";
import { validator, type ValidatorClient } from "../../forms/validator/client";
import { useEditor, useVerdict } from "../../live/hooks";
import { drafts } from "../drafts";
import { verdict } from "../verdict";
import { checkExpressions, withoutExpressions } from "./checkMapping";

const LABEL = "Map fields";

/** Binds a mapping's form to an edge: edits become `set_mapping` operations. */
export function useMappingTarget(edge: string, schema: Schema, expressions: Expressions): FormTarget {
  const editor = useEditor();
  const judged = useVerdict(edge) !== undefined;
  return useMemo(
    () => mappingTarget(editor, edge, schema, expressions, { judged }),
    [editor, edge, schema, expressions, judged],
  );
}

interface Options {
  /** The server has its say on this wire, and knows more: what may be wrong is not said twice. */
  judged?: boolean;
  checker?: Pick<ValidatorClient, "check">;
}

export function mappingTarget(
  editor: EditorHandle,
  edge: string,
  schema: Schema,
  expressions: Expressions,
  { judged = false, checker = validator }: Options = {},
): FormTarget {
  const key = `mapping:${edge}`;
  const document = () => mappingOf(editor.graph.edges.get(edge));
  return {
    key,
    drafts,
    document,
    check: async (mapping, topic) => {
      const own = checkExpressions(mapping, expressions, schema).filter(
        ({ level }) => !(judged && level === "warning"),
      );
      if (mapping !== undefined && !isObject(mapping)) {
        return [{ pointer: "", message: "A mapping is an object of the target's fields" }];
      }
      const found = await checker.check(`${key}#${topic}`, schema, mapping ?? {});
      return found && [...own, ...withoutExpressions(found, mapping)];
    },
    send: async (path, value) => {
      const edit = lift({ path, value }, document(), schema);
      const mapping = setAt(document(), edit.path, edit.value);
      if (!isObject(mapping)) return [{ pointer: toPointer(path), message: "A mapping is an object" }];
      editor.apply([{ op: "set_mapping", id: edge, mapping }], {
        label: LABEL,
        merge: key + toPointer(path),
      });
      const reason = await verdict(editor, {
        id: edge,
        label: LABEL,
        stands: () => equal(getAt(document(), edit.path), edit.value),
      });
      return reason === null ? [] : [{ pointer: toPointer(path), message: reason }];
    },
  };
}
