import { useEffect, useMemo, useState } from "react";
import type { FoundTexts } from "../core/api";
import { findComponent } from "../core/catalogue";
import { isLoaded } from "../core/contents";
import { findInEdge, findInNode, findInNote, PLACES, type Hit } from "../core/find";
import type { Graph } from "../core/graph";
import type { Catalogue } from "../core/types";
import { useCatalogue, useGraph } from "../live/hooks";
import { useServerHits } from "./useServerHits";

/** So many are looked at before the page may draw again. */
const CHUNK = 1_000;
const MAX_HITS = 500;

export interface Found {
  /** Names first, as `PLACES` has them; within one as the flow has them. */
  readonly hits: readonly Hit[];
  readonly searching: boolean;
  /** There are more than are shown. */
  readonly cut: boolean;
  /** What this page has not read was not looked through: the server does not answer. */
  readonly partly: boolean;
}

const NOTHING: Found = { hits: [], searching: false, cut: false, partly: false };
const UNTOLD = new Map<string, string[]>();

/**
 * Looks the whole flow through, in pieces, so that typing stays smooth in a flow of any size: on this page what is
 * here, with edits that the server has not got yet, and on the server the rest.
 */
export function useFind(query: string): Found {
  const graph = useGraph();
  const catalogue = useCatalogue();
  const [found, setFound] = useState(NOTHING);
  const words = query.trim().toLowerCase();
  const isAllHere = useMemo(() => isLoadedWhole(graph), [graph]);
  const server = useServerHits(words, isAllHere);
  useEffect(() => {
    const isAnswered = server.words === words;
    const told = isAnswered ? byId(server.hits) : UNTOLD;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const steps = words === "" ? [] : stepsOf(graph, catalogue, words, told);
    const hits: Hit[] = [];
    let at = 0;
    const work = (): void => {
      const end = Math.min(steps.length, at + CHUNK);
      for (; at < end && hits.length <= MAX_HITS; at++) hits.push(...(steps[at]?.() ?? []));
      if (at < steps.length && hits.length <= MAX_HITS) {
        timer = setTimeout(work);
        return;
      }
      const cut = hits.length > MAX_HITS || (isAnswered && server.cut);
      const partly = isAnswered && server.failed;
      setFound({ hits: sorted(hits).slice(0, MAX_HITS), searching: !isAnswered, cut, partly });
    };
    timer = setTimeout(work);
    return () => clearTimeout(timer);
  }, [graph, catalogue, words, server]);
  return words === "" ? NOTHING : found;
}

function isLoadedWhole({ nodes, edges }: Graph): boolean {
  for (const row of nodes.values()) if (!isLoaded(row)) return false;
  for (const row of edges.values()) if (!isLoaded(row)) return false;
  return true;
}

function byId(hits: FoundTexts["hits"]): Map<string, string[]> {
  const texts = new Map<string, string[]>();
  for (const { id, text } of hits) texts.set(id, [...(texts.get(id) ?? []), text]);
  return texts;
}

function stepsOf(
  graph: Graph,
  catalogue: Catalogue,
  words: string,
  told: ReadonlyMap<string, readonly string[]>,
): (() => Hit[])[] {
  const titleOf = (module: string, component: string) =>
    findComponent(catalogue, module, component)?.title ?? component;
  const nameOf = (id: string) => {
    const node = graph.nodes.get(id);
    return node ? node.label || titleOf(node.module, node.component) : id;
  };
  return [
    ...Array.from(graph.nodes.values(), (node) => () => {
      return findInNode(node, titleOf(node.module, node.component), words, told.get(node.id));
    }),
    ...Array.from(graph.edges.values(), (edge) => () => {
      return findInEdge(edge, `${nameOf(edge.source)} to ${nameOf(edge.target)}`, words, told.get(edge.id));
    }),
    ...Array.from(graph.notes.values(), (note) => () => findInNote(note, words)),
  ];
}

function sorted(hits: readonly Hit[]): Hit[] {
  return [...hits].sort((one, other) => PLACES.indexOf(one.place) - PLACES.indexOf(other.place));
}
