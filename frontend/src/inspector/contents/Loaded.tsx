import type { ReactNode } from "react";

import { isLoaded } from "../../core/contents";
import type { FlowEdge, FlowNode, LoadedEdge, LoadedNode } from "../../core/types";
import { useContents } from "../../live/useContents";
import { FormSkeleton } from "./FormSkeleton";
import { Unread } from "./Unread";

type Held<Row> = Extract<Row, LoadedNode | LoadedEdge>;

interface LoadedProps<Row extends FlowNode | FlowEdge> {
  row: Row;
  /** How many fields will stand here: as much room is kept for them. */
  fields: number;
  /** The row as if nothing were in it: drawn unseen meanwhile, it keeps the very place of what will stand here. */
  blank?: Held<Row>;
  children: (row: Held<Row>) => ReactNode;
}

/** Shows what needs the settings of a node or the mapping of a wire as soon as these have been read. */
export function Loaded<Row extends FlowNode | FlowEdge>({ row, fields, blank, children }: LoadedProps<Row>) {
  const contents = useContents(row.id);
  if (isLoaded(row)) return children(row as Held<Row>);
  if (contents.phase === "failed") return <Unread message={contents.message} retry={contents.retry} />;
  return <FormSkeleton fields={fields}>{blank && children(blank)}</FormSkeleton>;
}
