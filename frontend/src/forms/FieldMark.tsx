import { createContext, useContext, type ReactNode } from "react";
import { useForm } from "./FormContext";

/** Draws something at a field, by the key of the form's target and the field's JSON pointer. */
export type DrawMark = (form: string, pointer: string) => ReactNode;

const Context = createContext<DrawMark | null>(null);

export const FieldMarksProvider = Context.Provider;

/** What another room shows at a field; given by the page, as forms know nothing of who else is here. */
export function FieldMark({ pointer }: { pointer: string }) {
  const { target } = useForm();
  const draw = useContext(Context);
  return draw?.(target.key, pointer);
}
