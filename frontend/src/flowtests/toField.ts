/**
 * Goes into the field of the expectation's form where `pointer` stands, or into the nearest one around it: what is JSON in the
 * form has no field of its own.
 */
export function toField(from: HTMLElement, pointer: string): void {
  const form = from.closest(".tests__form");
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf("/"))) {
    const place = form?.querySelector(`[data-pointer="${CSS.escape(at)}"]`);
    const field = place?.querySelector<HTMLElement>("input, select, textarea, [contenteditable], button");
    if (field) {
      field.scrollIntoView({ block: "center" });
      field.focus({ preventScroll: true });
      return;
    }
    if (at === "") return;
  }
}
