/** How the focus goes through a menu whose lines have one item, or several beside each other. */

export function itemsOf(menu: HTMLElement | null): HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
}

/** Moves the focus for a key that does; false for one that does not. */
export function walkMenu(menu: HTMLElement, key: string): boolean {
  const items = itemsOf(menu);
  const here = items.find((item) => item === document.activeElement);
  if (key === "ArrowDown" || key === "ArrowUp") stepLine(items, here, key === "ArrowDown" ? 1 : -1);
  else if (key === "ArrowRight" || key === "ArrowLeft")
    stepInLine(items, here, key === "ArrowRight" ? 1 : -1);
  else if (key === "Home") items[0]?.focus();
  else if (key === "End") items.at(-1)?.focus();
  else if (key.length === 1 && key !== " ") focusLetter(items, here, key);
  else return false;
  return true;
}

/** To the first item of the next line; after the last line comes the first. */
function stepLine(items: readonly HTMLElement[], here: HTMLElement | undefined, step: number): void {
  const firsts = items.filter((item, at) => at === 0 || lineOf(item) !== lineOf(items[at - 1]));
  const now = firsts.findIndex((item) => here !== undefined && lineOf(item) === lineOf(here));
  const next = now === -1 ? (step > 0 ? 0 : -1) : (now + step) % firsts.length;
  firsts.at(next)?.focus();
}

function stepInLine(items: readonly HTMLElement[], here: HTMLElement | undefined, step: number): void {
  if (!here) return;
  const line = items.filter((item) => lineOf(item) === lineOf(here));
  line.at((line.indexOf(here) + step) % line.length)?.focus();
}

/** The next item, from the one that has the focus on, whose title begins with the letter. */
function focusLetter(items: readonly HTMLElement[], here: HTMLElement | undefined, letter: string): void {
  const at = here ? items.indexOf(here) : -1;
  const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  order.find((item) => titleOf(item).startsWith(letter.toLowerCase()))?.focus();
}

function lineOf(item: Element | undefined): Element | undefined {
  return item?.closest(".menu__row") ?? item;
}

function titleOf(item: Element): string {
  return (item.getAttribute("aria-label") ?? item.textContent ?? "").toLowerCase();
}
