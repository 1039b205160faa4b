/** In the place of a control: a value that no control can hold without stopping the page. */
export function LargeValue({ id, describedBy }: { id: string; describedBy: string | undefined }) {
  return (
    <output id={id} className="input input--readonly muted large-value" aria-describedby={describedBy}>
      Too large, or nested too deeply, to be shown here
    </output>
  );
}
