import { useContext } from "react";
import { ActionsContext } from "../actions/context";

/** Brings nodes into view; nothing where there is no canvas. */
export function useShowAll(): (nodes: readonly string[]) => void {
  const view = useContext(ActionsContext)?.view;
  return (nodes) => view?.intoAll(nodes);
}
