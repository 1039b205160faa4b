/** A card that was out of view is in the page only some frames after the view has moved. */
const FRAMES = 40;

/** Gives the focus to a node's card, so that it is read out and Tab goes on from it. */
export function focusCard(id: string): void {
  let left = FRAMES;
  const attempt = (): void => {
    const card = document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
    if (card) card.focus({ preventScroll: true });
    else if (left-- > 0) requestAnimationFrame(attempt);
  };
  attempt();
}

/** Gives the focus to the canvas itself: what had it is gone. */
export function focusCanvas(): void {
  document.querySelector<HTMLElement>(".react-flow")?.focus({ preventScroll: true });
}
