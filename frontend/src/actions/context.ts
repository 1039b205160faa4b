import { createContext, useContext } from "react";
import type { ActionContext } from "./types";

export const ActionsContext = createContext<ActionContext | null>(null);

const STAYS_CLOSED = (): void => undefined;

/** Opens a panel by its name; where a part of the page stands alone, nothing opens. */
export function useOpenPanel(): ActionContext["open"] {
  return useContext(ActionsContext)?.open ?? STAYS_CLOSED;
}

/** What the page's actions work on. */
export function useActionContext(): ActionContext {
  const context = useContext(ActionsContext);
  if (!context) throw new Error("No actions here: wrap the component in ActionsContext.");
  return context;
}
