/** What the server says of versions: docs/protocols.md section 4. */

import type { ContentsAnswer } from "../core/contents";
import type { FlowDocument, Json } from "../core/types";

export interface By {
  readonly id: number | null;
  readonly name: string;
}

/** A state of the flow that has a name. */
export interface Version {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly rev: number;
  readonly by: By;
  readonly at: string;
  readonly nodes: number;
  readonly edges: number;
  readonly deletable: boolean;
}

/** The flow as of the last of some changes that one person made in a row. */
export interface Point {
  readonly ref: string;
  readonly rev: number;
  readonly from: number;
  readonly by: By;
  readonly at: string;
  readonly since: string;
  readonly changes: number;
}

export interface Listed {
  readonly rev: number;
  readonly versions: readonly Version[];
  readonly points: readonly Point[];
  /** There are older points. */
  readonly more: boolean;
}

export interface Head {
  readonly ref: string;
  readonly rev: number;
  readonly name: string;
}

export interface PastDocument extends FlowDocument {
  readonly past: Head;
}

export interface DiffField {
  readonly path: readonly (string | number)[];
  readonly before?: Json;
  readonly after?: Json;
  readonly cut?: boolean;
}

export type DiffKind = "group" | "node" | "edge" | "note";

export interface DiffItem {
  readonly kind: DiffKind;
  readonly id: string;
  readonly outcome: "added" | "removed" | "changed";
  readonly title: string;
  readonly moved?: boolean;
  readonly only_moved?: boolean;
  readonly fields?: readonly DiffField[];
  /** What was removed, without what was in it. */
  readonly row?: Record<string, Json>;
}

export interface Diff {
  readonly a: Head;
  readonly b: Head;
  readonly items: readonly DiffItem[];
  readonly counts: Readonly<Record<"added" | "removed" | "changed" | "moved", number>>;
  /** Differences that had no room. */
  readonly left: number;
}

export interface Restored {
  readonly rev: number;
  /** What is not as it was, and why. */
  readonly left: readonly string[];
}

export interface VersionApi {
  list(before?: number): Promise<Listed>;
  /** Keeps the flow as it is now, or as it was at `rev`. */
  create(body: { id: string; name: string; note: string; rev?: number }): Promise<Version>;
  remove(id: string): Promise<unknown>;
  open(ref: string): Promise<PastDocument>;
  contents(ref: string, nodes: readonly string[], edges: readonly string[]): Promise<ContentsAnswer>;
  diff(a: string, b: string): Promise<Diff>;
  /** Where the same stands as text. */
  textAt(a: string, b: string): string;
  restore(ref: string, body: { client_op_id: string; rest: boolean }): Promise<Restored>;
}
