import { requestJson } from "../api/http";

/** A part of a sentence; `url` is where the thing it names is found, empty where it is not. */
export interface Piece {
  readonly text: string;
  readonly strong: boolean;
  readonly url: string;
}

/** What somebody did. `count` changes are told together. */
export interface Sentence {
  readonly who: string;
  readonly action: string;
  readonly at: string;
  readonly since: string;
  readonly count: number;
  readonly taken_back: boolean;
  readonly text: string;
  readonly pieces: readonly Piece[];
}

export interface Told {
  readonly sentences: readonly Sentence[];
  /** Where to go on; null at the end. */
  readonly older: number | null;
}

/** What happened in a project, newest first; of one flow where one is given. Rejects as `requestJson` does. */
export function readActivity(project: string, flow: string | null, before: number | null): Promise<Told> {
  const query = new URLSearchParams();
  if (flow !== null) query.set("flow", flow);
  if (before !== null) query.set("before", String(before));
  return requestJson(`/api/projects/${encodeURIComponent(project)}/activity?${query.toString()}`);
}
