import "./contents.css";

/** A form of which the values are on their way: quiet, because they are here before one has looked. */
export function FormSkeleton({ fields }: { fields: number }) {
  return (
    <div className="skeleton" role="status" aria-label="Reading the fields">
      {Array.from({ length: Math.max(1, fields) }, (_, row) => (
        <span key={row} className="skeleton__field" aria-hidden="true">
          <i className="skeleton__label" />
          <i className="skeleton__input" />
        </span>
      ))}
    </div>
  );
}
