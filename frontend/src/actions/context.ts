import { createContext, useContext } from "react";
import type { ActionContext } from "./types";

export const ActionsContext = createContext<ActionContext | null>(null);

/** What the page's actions work on. */
export function useActionContext(): ActionContext {
  const context = useContext(ActionsContext);
  if (!context) throw new Error("No actions here: wrap the component in ActionsContext.");
  return context;
}
