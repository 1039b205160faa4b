/** A project's dashboard as the server sends it: docs/protocols.md section 4. */

import type { Change, Component, Json, NodeLive } from "../../core/types";
import type { Pressed } from "../../inspector/control/host";

export type Operators = "nobody" | "editors" | "everyone";

export interface Page {
  readonly id: string;
  readonly name: string;
  readonly operators: Operators;
  readonly position: number;
}

/** A place on the grid, in cells. */
export interface Cells {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface PatchOp {
  readonly op: "add" | "replace" | "remove";
  readonly path: string;
  readonly value?: Json;
}

export interface Widget extends Cells {
  readonly id: string;
  readonly page: string;
  readonly node: string;
  /** Empty: the node's own. */
  readonly title: string;
  readonly schema_patch: readonly PatchOp[];
}

export interface NodeChoice {
  readonly id: string;
  readonly label: string;
  readonly module: string;
  readonly component: string;
  readonly flow: { readonly id: string; readonly name: string };
}

export interface WidgetNode extends NodeChoice {
  readonly pressed: Pressed;
}

export interface Rights {
  readonly edit: boolean;
  readonly control: boolean;
  /** May let viewers operate. */
  readonly manage: boolean;
}

/** Pages and widgets: what edits change. */
export interface Pages {
  readonly pages: readonly Page[];
  readonly widgets: readonly Widget[];
}

export interface Dashboard extends Pages {
  readonly rev: number;
  readonly project: { readonly id: string; readonly name: string };
  readonly nodes: readonly WidgetNode[];
  readonly components: readonly Component[];
  /** Modules that somebody runs now. */
  readonly available: readonly string[];
  readonly can: Rights;
}

export interface Choices {
  readonly nodes: readonly NodeChoice[];
  readonly components: readonly Component[];
  readonly more: boolean;
}

type PageFields = Partial<Omit<Page, "id">>;
type WidgetFields = Partial<Omit<Widget, "id" | "page" | "node">>;

export type PageOp =
  | ({ op: "add_page"; widgets?: readonly Widget[]; position?: number } & Omit<Page, "position">)
  | { op: "set_page"; id: string; fields: PageFields }
  | { op: "delete_page"; id: string }
  | ({ op: "add_widget" } & Widget)
  | { op: "set_widget"; id: string; fields: WidgetFields }
  | { op: "delete_widget"; id: string };

export interface PageChange extends Omit<Change, "ops"> {
  readonly ops: readonly PageOp[];
}

export type { NodeLive };
