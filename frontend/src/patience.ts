import { configure, getConfig } from "@testing-library/react";

/** What React's scheduler runs its tasks by, where there is one; the document of tests has it. */
declare const setImmediate: (run: () => void) => unknown;

/** How many times what is done may bring forth something else to do: an effect that sets a state, which has effects. */
const TURNS = 5;

/** How long tests of what is drawn wait for it: the second that the library has is short on a busy machine. */
configure({ asyncUtilTimeout: 15_000 });

/**
 * What has come to be seen is not yet all that comes of it: effects, such as the opening of a socket, run in React's next
 * task, and whether that is before the test's next line is a race of a timer with the event loop. Whoever waited for
 * something finds its effects done too: React's task was put into the line first.
 */
const { asyncWrapper } = getConfig();
const immediate = setImmediate;
configure({
  asyncWrapper: (wait) =>
    asyncWrapper(async () => {
      const found = await wait();
      for (let turn = 0; turn < TURNS; turn += 1) await new Promise<void>((done) => immediate(done));
      return found;
    }),
});
