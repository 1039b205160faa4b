import { late } from "../ui/late";

/** Makes a test of a message that is shown; its code comes with the first of them. */
export const UseAsTest = late(() => import("../flowtests/UseAsTest"));
