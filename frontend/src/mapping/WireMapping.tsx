import { useMemo } from "react";

import type { LoadedEdge } from "../core/types";
import type { FormTarget } from "../forms/draft/submit";
import type { FieldError } from "../forms/schema/types";
import { mappingSchema } from "../inspector/edge/mappingSchema";
import { useExpressions } from "../inspector/edge/useExpressions";
import { useMappingTarget } from "../inspector/edge/useMappingTarget";
import { CarryingContext } from "./carrying";
import { FieldsPane } from "./FieldsPane";
import { ResultPane } from "./ResultPane";
import { SourcePane } from "./SourcePane";
import { useCarry } from "./useCarry";
import { useEnds } from "./useEnds";
import { useEndWords } from "./useEndWords";
import { usePreview } from "./usePreview";
import { useSample } from "./useSample";
import type { Preview } from "../core/mappingTypes";

/** One wire: what comes, what is made of it, what arrives. */
export function WireMapping({ edge }: { edge: LoadedEdge }) {
  const ends = useEnds(edge);
  const from = useEndWords(edge.source, edge.source_port, true);
  const schema = useMemo(() => mappingSchema(ends.target), [ends.target]);
  const expressions = useExpressions(edge.id, ends.source, from);
  const bound = useMappingTarget(edge.id, schema, expressions);
  const target = useMemo((): FormTarget => ({ ...bound, check: onlyEdits(bound) }), [bound]);
  const sample = useSample(edge, ends);
  const shown = usePreview(edge, target, schema, sample.request);
  const problems = useMemo(() => problemsOf(shown.preview), [shown.preview]);
  const carry = useCarry(target, schema, expressions);
  return (
    <CarryingContext value={carry}>
      <p className="unseen" role="status">
        {carry.said}
      </p>
      <div
        className={`mapping__panes ${carry.path === null ? "" : "mapping__panes--carrying"}`}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || carry.path === null) return;
          event.preventDefault();
          event.stopPropagation();
          carry.giveUp();
        }}
      >
        <SourcePane key={sample.id} root={expressions.root} sample={sample} />
        <FieldsPane
          edge={edge}
          schema={schema}
          ends={ends}
          expressions={expressions}
          target={target}
          problems={problems}
        />
        <ResultPane shown={shown} words={sample.words} />
      </div>
    </CarryingContext>
  );
}

/** What stands in the flow is judged with the preview; only an edit is held up by what the page itself finds. */
function onlyEdits({ check }: FormTarget): FormTarget["check"] {
  return (value, topic) => (topic === "" ? Promise.resolve([]) : check(value, topic));
}

function problemsOf(preview: Preview | null): FieldError[] {
  return (preview?.findings ?? []).map(({ field, message, level, expression, position }) => ({
    pointer: field,
    message,
    level: level === "invalid" ? "error" : "warning",
    expression,
    position,
  }));
}
