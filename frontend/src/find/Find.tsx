import { typedInto } from "../ui/typedInto";

/** The find bar. */
export const Find = typedInto<{ onClose: () => void }>("Find in this flow", () => import("./FindBar"));
