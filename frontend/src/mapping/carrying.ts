import { createContext, useContext } from "react";

/** A field of the source on its way to a field of the mapping. */
export interface Carrying {
  /** JSONPath of what is carried; null for nothing. */
  readonly path: string | null;
  /** Takes a field, to be put down by Enter or a click on a field of the mapping. */
  readonly take: (path: string) => void;
  readonly giveUp: () => void;
  /** Lets it go on the field under this pointer of the form. */
  readonly put: (path: string, pointer: string) => void;
  /** What would be said if it were let go there: why the types do not fit, or empty. */
  readonly misfit: (path: string, pointer: string) => string;
}

const NOTHING: Carrying = {
  path: null,
  take: () => undefined,
  giveUp: () => undefined,
  put: () => undefined,
  misfit: () => "",
};

export const CarryingContext = createContext<Carrying>(NOTHING);

export function useCarrying(): Carrying {
  return useContext(CarryingContext);
}

/** Fields of a form are known by their pointers; the innermost one counts. */
export function fieldAt(element: Element | null): HTMLElement | null {
  const form = element?.closest(".mapping__fields");
  const field = element?.closest<HTMLElement>("[data-pointer]");
  return form && field && form.contains(field) ? field : null;
}
