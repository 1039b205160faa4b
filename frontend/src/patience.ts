import { configure } from "@testing-library/react";

/** How long tests of what is drawn wait for it: the second that the library has is short on a busy machine. */
configure({ asyncUtilTimeout: 15_000 });
