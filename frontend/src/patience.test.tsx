import { render, screen, waitFor } from "@testing-library/react";
import { useEffect, useLayoutEffect, useState } from "react";
import { expect, it, vi } from "vitest";

const busy = () => {
  const end = performance.now() + 5;
  while (performance.now() < end);
};

/** Comes a moment later, takes its time on the way to the screen, and does two things once it is there. */
function Slow({ did }: { did: (what: string) => void }) {
  const [step, setStep] = useState(0);
  useEffect(() => {
    if (step === 0) setTimeout(() => setStep(1));
    if (step === 1) queueMicrotask(() => setStep(2));
    if (step > 0) did(`effect ${String(step)}`);
  }, [did, step]);
  useLayoutEffect(busy, [step]);
  return <p>{step === 0 ? "not yet" : "here"}</p>;
}

it("does not go on before the effects of what a test waited for", async () => {
  for (let time = 0; time < 5; time += 1) {
    const did = vi.fn();
    const { unmount } = render(<Slow did={did} />);
    await waitFor(() => expect(screen.queryByText("here")).not.toBeNull());
    expect(did.mock.calls.flat()).toEqual(["effect 1", "effect 2"]);
    unmount();
  }
});
