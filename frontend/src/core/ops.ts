/** The operations of docs/protocols.md section 4. */

import type { Delivery, RetryPolicy } from "./delivery";
import type { FlowGroup, FlowNote, FlowRef, Json, JsonObject, LoadedNode, Schema } from "./types";

export interface AddNode {
  op: "add_node";
  id: string;
  module: string;
  component: string;
  x: number;
  y: number;
  label?: string;
  comment?: string;
  group?: string | null;
  settings?: JsonObject;
  /** Only in operations as applied: what comes back with a node. */
  schemas?: LoadedNode["schemas"];
  /** Only in operations as applied: the resource name the server gave, and where it stands besides. */
  name?: string;
  foreign?: FlowRef | null;
  shared?: string[];
}
export interface SetNode {
  op: "set_node";
  id: string;
  fields: { label?: string; comment?: string; x?: number; y?: number; group?: string | null };
}
export interface SetSetting {
  op: "set_setting";
  id: string;
  path: (string | number)[];
  /** Absent: remove the field. */
  value?: Json;
}
export interface SetSchema {
  op: "set_schema";
  id: string;
  port: string;
  /** Identity of the definition (`x-id` in its schema). */
  definition: string;
  /** Absent: the component's own word counts again. */
  schema?: Schema;
}
export interface DeleteNode {
  op: "delete_node";
  id: string;
}
export interface AddEdge {
  op: "add_edge";
  id: string;
  source: string;
  source_port: string;
  target: string;
  target_port: string;
  mapping?: JsonObject;
  /** Only in operations as applied: what comes back with a wire. */
  timeout_ms?: number | null;
  retry_policy?: RetryPolicy | null;
}
export interface SetMapping {
  op: "set_mapping";
  id: string;
  mapping: JsonObject;
}
/** How long an attempt to hand a message over may take, and how often it is made; null: as if nothing were said. */
export interface SetDelivery extends Delivery {
  op: "set_delivery";
  id: string;
}
export interface DeleteEdge {
  op: "delete_edge";
  id: string;
}
type GroupFields = Omit<FlowGroup, "id" | "rev">;
type NoteFields = Omit<FlowNote, "id" | "rev">;
type Placed = "x" | "y" | "width" | "height";

export type AddGroup = { op: "add_group"; id: string } & Partial<GroupFields> & Pick<GroupFields, Placed>;
export interface SetGroup {
  op: "set_group";
  id: string;
  fields: Partial<GroupFields>;
}
/** Its nodes stay; the server takes them out of it first. */
export interface DeleteGroup {
  op: "delete_group";
  id: string;
}
export type AddNote = { op: "add_note"; id: string } & Partial<NoteFields> & Pick<NoteFields, Placed>;
export interface SetNote {
  op: "set_note";
  id: string;
  fields: Partial<NoteFields>;
}
export interface DeleteNote {
  op: "delete_note";
  id: string;
}
/** A node as it is applied where it comes to. */
type Arrival = Omit<LoadedNode, "rev">;

/** Shows a node of this flow in another of the project. As applied, `node` is its row there. */
export interface ShareNode {
  op: "share_node";
  id: string;
  flow: string;
  x?: number;
  y?: number;
  node?: Arrival;
}
/** Takes a node out of a flow it is shared into; with `wires`, those drawn to it there go along. */
export interface UnshareNode {
  op: "unshare_node";
  id: string;
  flow: string;
  wires?: boolean;
}
/** Moves a node to another flow; `keep`: it stays shown here. As applied where it comes to, `node` is its row. */
export interface MoveNode {
  op: "move_node";
  id: string;
  flow: string;
  /** The other flow's, as applied. */
  name?: string;
  keep?: boolean;
  node?: Arrival;
}
/** As applied, `group` is its row, and `notes` are those of what lies in it. */
export interface MoveGroup {
  op: "move_group";
  id: string;
  flow: string;
  group?: Omit<FlowGroup, "rev">;
  notes?: Omit<FlowNote, "rev">[];
}
export type SharingOp = ShareNode | UnshareNode | MoveNode | MoveGroup;
export type FrameOp = AddGroup | SetGroup | DeleteGroup | AddNote | SetNote | DeleteNote;
export type Op =
  | AddNode
  | SetNode
  | SetSetting
  | SetSchema
  | DeleteNode
  | AddEdge
  | SetMapping
  | SetDelivery
  | DeleteEdge
  | FrameOp
  | SharingOp;
