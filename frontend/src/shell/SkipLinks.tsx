const PLACES = [
  [".react-flow", "Skip to the canvas"],
  [".palette :is(input, button)", "Skip to the components"],
  [".inspector :is(button, input, [tabindex])", "Skip to the inspector"],
] as const;

/** The first stops of Tab: past the bar to where the work is. */
export function SkipLinks() {
  return (
    <nav className="skip" aria-label="Skip">
      {PLACES.map(([selector, text]) => (
        <a
          key={selector}
          className="skip__link"
          href="#editor"
          onClick={(event) => {
            event.preventDefault();
            document.querySelector<HTMLElement>(selector)?.focus();
          }}
        >
          {text}
        </a>
      ))}
    </nav>
  );
}
