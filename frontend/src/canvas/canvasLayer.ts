import { createContext, useContext, type ReactNode } from "react";

/** What another room draws over the cards; given by the page, as the canvas knows nothing of who else is here. */
const Context = createContext<ReactNode>(null);

export const CanvasLayerProvider = Context.Provider;

export function useCanvasLayer(): ReactNode {
  return useContext(Context);
}
