import type { Json } from "../core/types";

/** A message of one port: `node` by its id, `data` without secrets. */
export interface Sample {
  readonly node: string;
  readonly port: string;
  readonly data: Json;
}

/** Sample messages under a name, as the server keeps them (docs/protocols.md section 4). */
export interface Scenario {
  readonly id: string;
  readonly name: string;
  readonly rev: number;
  readonly created_by: string;
  readonly ports: readonly Sample[];
}
