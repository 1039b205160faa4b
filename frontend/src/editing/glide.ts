/** As long as the transition in gliding.css, and a frame more. */
const GLIDE_MS = 170;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Lets cards glide to the places that they are given next, unless the person wants no motion. */
export function glide(): void {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  document.documentElement.dataset["gliding"] = "";
  clearTimeout(timer);
  timer = setTimeout(() => delete document.documentElement.dataset["gliding"], GLIDE_MS);
}
