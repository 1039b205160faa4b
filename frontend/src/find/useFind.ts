import { useEffect, useState } from "react";
import { findComponent } from "../core/catalogue";
import { findInEdge, findInNode, findInNote, PLACES, type Hit } from "../core/find";
import type { Graph } from "../core/graph";
import type { Catalogue } from "../core/types";
import { useCatalogue, useGraph } from "../live/hooks";

/** So many are looked at before the page may draw again. */
const CHUNK = 1_000;
const MAX_HITS = 500;

export interface Found {
  /** Names first, as `PLACES` has them; within one as the flow has them. */
  readonly hits: readonly Hit[];
  readonly searching: boolean;
  /** There are more than are shown. */
  readonly cut: boolean;
}

const NOTHING: Found = { hits: [], searching: false, cut: false };

/** Looks the whole flow through, in pieces, so that typing stays smooth in a flow of any size. */
export function useFind(query: string): Found {
  const graph = useGraph();
  const catalogue = useCatalogue();
  const [found, setFound] = useState(NOTHING);
  const words = query.trim().toLowerCase();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const steps = words === "" ? [] : stepsOf(graph, catalogue, words);
    const hits: Hit[] = [];
    let at = 0;
    const work = (): void => {
      const end = Math.min(steps.length, at + CHUNK);
      for (; at < end && hits.length <= MAX_HITS; at++) hits.push(...(steps[at]?.() ?? []));
      const searching = at < steps.length && hits.length <= MAX_HITS;
      if (searching) timer = setTimeout(work);
      else setFound({ hits: sorted(hits).slice(0, MAX_HITS), searching, cut: hits.length > MAX_HITS });
    };
    timer = setTimeout(work);
    return () => clearTimeout(timer);
  }, [graph, catalogue, words]);
  return words === "" ? NOTHING : found;
}

function stepsOf(graph: Graph, catalogue: Catalogue, words: string): (() => Hit[])[] {
  const titleOf = (module: string, component: string) =>
    findComponent(catalogue, module, component)?.title ?? component;
  const nameOf = (id: string) => {
    const node = graph.nodes.get(id);
    return node ? node.label || titleOf(node.module, node.component) : id;
  };
  return [
    ...Array.from(graph.nodes.values(), (node) => () => {
      return findInNode(node, titleOf(node.module, node.component), words);
    }),
    ...Array.from(graph.edges.values(), (edge) => () => {
      return findInEdge(edge, `${nameOf(edge.source)} to ${nameOf(edge.target)}`, words);
    }),
    ...Array.from(graph.notes.values(), (note) => () => findInNote(note, words)),
  ];
}

function sorted(hits: readonly Hit[]): Hit[] {
  return [...hits].sort((one, other) => PLACES.indexOf(one.place) - PLACES.indexOf(other.place));
}
