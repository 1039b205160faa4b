/** The components that can be added to the flow. */
export function Palette() {
  return <aside className="palette" aria-label="Components" />;
}
