import { useMemo } from "react";

import { mappingOf } from "../../core/contents";
import type { EditorHandle } from "../../core/editorTypes";
import type { MappingApi } from "../../core/mappingTypes";
import type { FormTarget } from "../../forms/draft/submit";
import { expressionPlaces } from "../../forms/expressions/text";
import type { Expressions } from "../../forms/expressions/types";
import { lift } from "../../forms/schema/lift";
import { equal, getAt, setAt, toPointer } from "../../forms/schema/pointer";
import { isObject, type FieldError, type JsonObject, type Schema } from "../../forms/schema/types";
import { validator, type ValidatorClient } from "../../forms/validator/client";
import { useOpenFlow } from "../../live/context";
import { useEditor, useVerdict } from "../../live/hooks";
import { areLoaded } from "../../editing/whenLoaded";
import { readFirst } from "../contents/readFirst";
import { drafts } from "../drafts";
import { verdict } from "../verdict";
import { checkExpressions, withoutExpressions } from "./checkMapping";

const LABEL = "Map fields";

/** Binds a mapping's form to an edge: edits become `set_mapping` operations. */
export function useMappingTarget(edge: string, schema: Schema, expressions: Expressions): FormTarget {
  const editor = useEditor();
  const { mappings } = useOpenFlow();
  const judged = useVerdict(edge) !== undefined;
  return useMemo(
    () => mappingTarget(editor, edge, schema, expressions, { judged, mappings }),
    [editor, edge, schema, expressions, judged, mappings],
  );
}

interface Options {
  /** The server has its say on this wire, and knows more: what may be wrong is not said twice. */
  judged?: boolean;
  /** Asked whether expressions can be read at all: one that cannot would stop the wire at once. */
  mappings?: Pick<MappingApi, "preview"> | undefined;
  checker?: Pick<ValidatorClient, "check">;
}

export function mappingTarget(
  editor: EditorHandle,
  edge: string,
  schema: Schema,
  expressions: Expressions,
  { judged = false, mappings, checker = validator }: Options = {},
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
      if (!found) return null;
      const unreadable =
        topic !== "" && mappings && mapping ? await unreadableIn(mapping, edge, mappings) : [];
      return [...own, ...unreadable, ...withoutExpressions(found, mapping)];
    },
    send: async (path, value) => {
      const unread = areLoaded(editor, [edge]) ? null : await readFirst(editor, edge);
      if (unread !== null) return [{ pointer: toPointer(path), message: unread }];
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

/** Expressions that mean nothing to the server, which alone knows the language; none where it cannot be asked. */
async function unreadableIn(
  mapping: JsonObject,
  edge: string,
  mappings: Pick<MappingApi, "preview">,
): Promise<FieldError[]> {
  if (expressionPlaces(mapping).length === 0) return [];
  try {
    const { findings } = await mappings.preview(edge, { mapping });
    return findings
      .filter(({ code }) => code === "syntax")
      .map(({ field, message, expression, position }) => ({ pointer: field, message, expression, position }));
  } catch {
    return [];
  }
}
