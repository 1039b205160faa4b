/** A card that was out of view is in the page only some frames after the view has moved. */
const FRAMES = 40;

/** Gives the focus to a node's card, or its row where the flow is shown as a table, so that it is read out and Tab goes on from it. */
export function focusCard(id: string): void {
  let left = FRAMES;
  const attempt = (): void => {
    const of = `="${CSS.escape(id)}"]`;
    const row = document.querySelector<HTMLElement>(`[data-row${of} button[aria-haspopup]`);
    const card = row ?? document.querySelector<HTMLElement>(`.react-flow__node[data-id${of}`);
    if (card) card.focus({ preventScroll: true });
    else if (left-- > 0) requestAnimationFrame(attempt);
  };
  attempt();
}

/** Gives the focus to the canvas itself: what had it is gone. */
export function focusCanvas(): void {
  document.querySelector<HTMLElement>(".react-flow")?.focus({ preventScroll: true });
}
