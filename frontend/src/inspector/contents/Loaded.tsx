import type { ReactNode } from "react";

import { isLoaded } from "../../core/contents";
import type { FlowEdge, FlowNode, LoadedEdge, LoadedNode } from "../../core/types";
import { useContents } from "../../live/useContents";
import { FormSkeleton } from "./FormSkeleton";
import { Unread } from "./Unread";

interface LoadedProps<Row extends FlowNode | FlowEdge> {
  row: Row;
  /** How many fields will stand here: as much room is kept for them. */
  fields: number;
  children: (row: Extract<Row, LoadedNode | LoadedEdge>) => ReactNode;
}

/** Shows what needs the settings of a node or the mapping of a wire as soon as these have been read. */
export function Loaded<Row extends FlowNode | FlowEdge>({ row, fields, children }: LoadedProps<Row>) {
  const contents = useContents(row.id);
  if (isLoaded(row)) return children(row as Extract<Row, LoadedNode | LoadedEdge>);
  if (contents.phase === "failed") return <Unread message={contents.message} retry={contents.retry} />;
  return <FormSkeleton fields={fields} />;
}
