import { useState } from "react";

import type { WireEnds } from "../core/mappingTypes";
import type { LoadedEdge, Json } from "../core/types";
import { isObject } from "../core/json";
import { useFlow, useLive } from "../live/hooks";
import { useScenarios } from "../scenarios/useScenarios";

const MADE_UP = "made_up";
const LAST = "last";

export interface SampleOption {
  id: string;
  label: string;
  /** Why it cannot be chosen. */
  problem: string;
}

export interface Sample {
  id: string;
  /** Where the message is from: `made-up data`, `the last message`. */
  words: string;
  message: Json | undefined;
  /** For the server; without a message it makes one up. */
  request: { message?: Json; name?: string };
  options: readonly SampleOption[];
  choose: (id: string) => void;
  /** Takes the newest message that came, in the place of the one that was taken before. */
  renew: (() => void) | null;
}

/** On which message the mapping is tried: a scenario's, the last that was seen, or one that the schema describes. */
export function useSample(edge: LoadedEdge, ends: WireEnds): Sample {
  const { scenarios, chosen, choose } = useScenarios(useFlow().id);
  const newest = useLive(edge.source)?.last?.[edge.source_port];
  const [wanted, setWanted] = useState<string | null>(null);
  /** Messages may come by the hundred: what is looked at stands still. */
  const [kept, setKept] = useState<Json | undefined>(undefined);
  if (kept === undefined && newest !== undefined && !isCut(newest)) setKept(newest);

  const known = scenarios.flatMap(({ id, name, ports }) => {
    const sample = ports.find(({ node, port }) => node === edge.source && port === edge.source_port);
    return sample ? [{ id, name, data: sample.data }] : [];
  });
  const options: SampleOption[] = [
    { id: MADE_UP, label: "Made-up data", problem: "" },
    { id: LAST, label: "Last message", problem: kept === undefined ? whyNot(newest) : "" },
    ...known.map(({ id, name }) => ({ id, label: `Scenario: ${name}`, problem: "" })),
  ];
  const fallback = known.some(({ id }) => id === chosen?.id)
    ? chosen?.id
    : kept === undefined
      ? MADE_UP
      : LAST;
  const usable = options.some(({ id, problem }) => id === wanted && problem === "");
  const id = (usable ? wanted : fallback) ?? MADE_UP;
  const base = {
    id,
    options,
    choose: (next: string) => {
      setWanted(next);
      if (known.some((one) => one.id === next)) choose(next);
    },
    renew:
      id === LAST && newest !== undefined && newest !== kept && !isCut(newest) ? () => setKept(newest) : null,
  };
  const scenario = known.find((one) => one.id === id);
  if (scenario) return { ...base, ...real(scenario.data, `the scenario ${scenario.name}`) };
  if (id === LAST && kept !== undefined) return { ...base, ...real(kept, "the last message") };
  return { ...base, words: "made-up data", message: ends.message ?? undefined, request: {} };
}

function real(message: Json, words: string): Pick<Sample, "message" | "words" | "request"> {
  return { message, words, request: { message, name: words.slice(0, 200) } };
}

/** A host shows no more than the beginning of a large message. */
function isCut(message: Json): boolean {
  return isObject(message) && message["truncated"] === true && "beginning" in message;
}

function whyNot(newest: Json | undefined): string {
  return newest === undefined ? "none seen yet" : "too large to be shown";
}
