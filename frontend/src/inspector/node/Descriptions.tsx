import { lazy, Suspense, useState } from "react";

import { isLoaded } from "../../core/contents";
import type { LoadedNode, Port } from "../../core/types";
import { definitionsOf, type Definition } from "../../forms/describe/definitions";
import { equal } from "../../forms/schema/pointer";
import type { JsonObject } from "../../forms/schema/types";
import { useEditor } from "../../live/hooks";
import { Icon } from "../../ui/Icon";
import { verdict } from "../verdict";

const SchemaEditor = lazy(() => import("../../forms/describe/SchemaEditor"));

interface DescriptionsProps {
  node: LoadedNode;
  ports: readonly Port[];
  editable: boolean;
}

/** What is in the messages of which the component says nothing: read by its mappings' checks and completion. */
export function Descriptions({ node, ports, editable }: DescriptionsProps) {
  const definitions = definitionsOf(node, ports);
  if (!definitions.length) return null;
  return (
    <section className="stack described" aria-label="Messages described">
      <h3>What is in its messages</h3>
      {definitions.map((definition) => (
        <Description key={definition.id} node={node.id} definition={definition} editable={editable} />
      ))}
    </section>
  );
}

interface DescriptionProps {
  node: string;
  definition: Definition;
  editable: boolean;
}

function Description({ node, definition, editable }: DescriptionProps) {
  const { id, port, title, said } = definition;
  const editor = useEditor();
  const [open, setOpen] = useState(false);
  const say = async (schema: JsonObject | undefined): Promise<string | null> => {
    const label = `Describe ${title.toLowerCase()}`;
    editor.apply([{ op: "set_schema", id: node, port, definition: id, ...(schema ? { schema } : {}) }], {
      label,
    });
    const stands = () => {
      const held = editor.graph.nodes.get(node);
      return held !== undefined && isLoaded(held) && equal(held.schemas?.[port]?.[id], schema);
    };
    return verdict(editor, { id: node, label, stands });
  };
  return (
    <>
      <div className="line">
        <span className="grow">
          {title}
          <span className="muted small"> {summary(said)}</span>
        </span>
        {editable && !open && (
          <button type="button" className="btn btn--s" onClick={() => setOpen(true)}>
            <Icon name="edit" size="s" />
            Describe<span className="unseen"> {title}</span>
          </button>
        )}
      </div>
      {open && (
        <Suspense fallback={<p className="muted small">Loading …</p>}>
          <SchemaEditor name={`${node}:${id}`} said={said} onSay={say} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

function summary(said: JsonObject | undefined): string {
  if (!said) return "not described yet";
  const count = Object.keys(said["properties"] ?? {}).length;
  return count ? `${count} field${count === 1 ? "" : "s"} described` : "described";
}
