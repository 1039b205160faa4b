import { createContext, useContext, type ComponentType } from "react";

/** What another room draws below a card that is selected; given by the page, as the canvas knows nothing of controls. */
const Context = createContext<ComponentType<{ id: string }> | null>(null);

export const CardExtrasProvider = Context.Provider;

export function useCardExtras(): ComponentType<{ id: string }> | null {
  return useContext(Context);
}
