/** What is selected on the canvas: its settings, controls and state. */
export function Inspector() {
  return <aside className="inspector" aria-label="Inspector" />;
}
