import { requestJson } from "../../api/http";
import { newUuid } from "../../core/ids";
import type { Json, Problem, SignalState } from "../../core/types";

/** One field of a node's state: docs/protocols.md section 4. */
export interface StateField {
  readonly name: string;
  readonly key: string;
  readonly title: string;
  readonly schema: Readonly<Record<string, Json>>;
  readonly secret: boolean;
  readonly editable: boolean;
  /** Of a secret, whether there is one. */
  readonly set?: boolean;
  readonly value?: Json;
  /** Of a large value (`cut`), how its JSON begins. */
  readonly beginning?: string;
  readonly bytes?: number;
  readonly cut?: boolean;
  readonly digest?: string;
}

export interface StateChange {
  readonly epoch: number;
  readonly version: number;
  readonly at: number;
  readonly count: number;
  readonly by: {
    readonly kind: "person" | "message" | "own" | "elsewhere" | "found";
    readonly name?: string;
    readonly node?: string | null;
  };
  /** Without a value: a large or secret one. */
  readonly changed: readonly { readonly field: string; readonly value?: Json }[];
}

export interface NodeStateTold {
  readonly running: boolean;
  readonly host: string;
  readonly leads: boolean;
  readonly kept: boolean;
  readonly stored?: boolean;
  readonly persistent?: boolean;
  readonly epoch?: number;
  readonly version?: number;
  readonly error?: Problem | null;
  readonly since?: number;
  readonly fields: readonly StateField[];
  readonly history: readonly StateChange[];
}

/** How long the leader may take over an edit, and how often it is asked about. */
const GIVE_UP_MS = 30_000;
const ASK_EVERY_MS = 250;

const root = (flow: string): string => `/api/flows/${encodeURIComponent(flow)}`;
const place = (flow: string, node: string): string => `${root(flow)}/nodes/${encodeURIComponent(node)}/state`;

export function readState(flow: string, node: string): Promise<NodeStateTold> {
  return requestJson(place(flow, node));
}

/** One field with its whole value. */
export function readField(flow: string, node: string, field: string): Promise<StateField> {
  return requestJson(`${place(flow, node)}/${encodeURIComponent(field)}`);
}

/** Resolves once the edit is stored. Rejects with what it was refused for, as words for the person. */
export async function editState(
  flow: string,
  node: string,
  edit: { field: string; value: Json; was: string },
): Promise<void> {
  const headers = { "Idempotency-Key": newUuid() };
  const { id } = await requestJson<{ id: string }>(place(flow, node), {
    method: "POST",
    body: edit,
    headers,
  });
  const until = Date.now() + GIVE_UP_MS;
  while (Date.now() < until) {
    const { state, problem } = await requestJson<SignalState>(
      `${root(flow)}/signals/${encodeURIComponent(id)}`,
    );
    if (state === "done") return;
    if (state === "failed") throw new Error(problem?.message ?? "The node did not say why it refused.");
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  throw new Error("The leader has not answered within 30 s. It may still act: look at the value again.");
}
