import type { PointerEvent } from "react";

import { isSecret } from "../forms/schema/kinds";
import { Icon } from "../ui/Icon";
import { shortly, type SourceNode } from "./sourceTree";

interface SourceRowProps {
  row: SourceNode;
  open: boolean;
  /** Whether Tab comes here. */
  current: boolean;
  taken: boolean;
  /** In the answer to a search a row stands for itself: with its whole path. */
  flat: boolean;
  onToggle: () => void;
  onFocus: () => void;
  onPress: (event: PointerEvent<HTMLElement>) => void;
  onClick: () => void;
}

/** A field of the source: its name, its type, what the message has there. */
export function SourceRow({
  row,
  open,
  current,
  taken,
  flat,
  onToggle,
  onFocus,
  onPress,
  onClick,
}: SourceRowProps) {
  const { path, name, type, schema, value, declared, depth, hasChildren } = row;
  const text = isSecret(schema) && value !== undefined ? "hidden" : shortly(value);
  return (
    <li
      role="treeitem"
      className={`mapping__row ${flat ? "mapping__row--flat" : ""}`}
      aria-level={flat ? 1 : depth + 1}
      aria-expanded={hasChildren && !flat ? open : undefined}
      aria-selected={taken}
      tabIndex={current ? 0 : -1}
      title={schema.description ?? (declared ? undefined : "This message has it, its schema does not say so")}
      data-depth={flat ? 0 : Math.min(depth, 12)}
      onFocus={onFocus}
      onPointerDown={onPress}
      onClick={onClick}
    >
      <span className="mapping__grip" data-grip="" aria-hidden="true">
        <Icon name="grip" size="s" />
      </span>
      {!flat && (
        <span
          className="mapping__fold"
          aria-hidden="true"
          onPointerDown={(event) => event.stopPropagation()}
          onClick={(event) => {
            event.stopPropagation();
            onToggle();
          }}
        >
          {hasChildren && <Icon name={open ? "down" : "right"} size="s" />}
        </span>
      )}
      <code className={`mapping__name clip ${declared ? "" : "mapping__name--extra"}`}>
        {flat ? path : name}
      </code>
      <span className="mapping__value clip">{text}</span>
      <span className="mapping__type">{typeName(type)}</span>
      {!declared && <span className="unseen">, not in the schema</span>}
    </li>
  );
}

const TYPES: Readonly<Record<string, string>> = {
  array: "list",
  boolean: "yes/no",
  integer: "whole",
  number: "number",
  object: "object",
  string: "text",
  null: "null",
};

function typeName(type: string): string {
  return TYPES[type] ?? "any";
}
