import { Drafts } from "../forms/draft/drafts";
import type { FormTarget } from "../forms/draft/submit";
import { setAt, toPointer } from "../forms/schema/pointer";
import type { Schema } from "../forms/schema/types";
import { validator, type ValidatorClient } from "../forms/validator/client";
import type { Scenarios } from "./store";
import type { Sample } from "./types";

/** What was typed into samples and does not stand in them yet; outlives the panel. */
const drafts = new Drafts();

/** Binds a form to one message of a scenario: each edit is kept at once, as settings are. */
export function scenarioTarget(
  store: Scenarios,
  scenario: string,
  { node, port }: Pick<Sample, "node" | "port">,
  schema: Schema,
  checker: Pick<ValidatorClient, "check"> = validator,
): FormTarget {
  const key = `scenario:${scenario}:${node}:${port}`;
  const isThis = (sample: Sample): boolean => sample.node === node && sample.port === port;
  const document = () => store.find(scenario)?.ports.find(isThis)?.data;
  return {
    key,
    drafts,
    document,
    check: (message, topic) => checker.check(`${key}#${topic}`, schema, message ?? null),
    send: async (path, value) => {
      try {
        await store.edit(scenario, (one) => ({
          ...one,
          ports: one.ports.map((sample) =>
            isThis(sample) ? { ...sample, data: setAt(sample.data, path, value) ?? null } : sample,
          ),
        }));
        return [];
      } catch (error) {
        const message = error instanceof Error ? error.message : "The edit could not be kept.";
        return [{ pointer: toPointer(path), message }];
      }
    },
  };
}
