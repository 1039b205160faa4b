import type { FlowApi } from "../core/api";
import { Refusal } from "../core/errors";

const NOT_SHARED = new Refusal(
  403,
  "forbidden",
  "A share link does not show what is inside: sign in for that.",
);

/** The API of who came by a share link: what is not open to them is not asked for. */
export function visitorApi(api: FlowApi): FlowApi {
  const refuse = (): Promise<never> => Promise.reject(NOT_SHARED);
  return {
    ...api,
    contents: refuse,
    find: () => Promise.resolve({ hits: [], cut: false }),
    siblings: () => Promise.resolve([]),
    presses: () => Promise.resolve({}),
    // Never answered: nothing is said about mappings that nobody sees.
    validation: () => new Promise(() => undefined),
  };
}
