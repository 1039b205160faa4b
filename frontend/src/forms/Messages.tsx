import { ErrorPlace } from "./expressions/ErrorPlace";
import type { FieldError } from "./schema/types";

/** Complaints under a field; announced when they come. */
export function Messages({ id, errors }: { id: string | undefined; errors: readonly FieldError[] }) {
  if (!errors.length) return null;
  return (
    <div id={id} className="field__messages" role="status">
      {errors.map(({ message, level, expression, position }) => (
        <p
          key={message}
          className={level === "warning" ? "field__warning is-warning" : "field__error is-error"}
        >
          <i className="mark" aria-hidden="true" />
          <span>
            {message}
            {expression !== undefined && position !== undefined && (
              <ErrorPlace expression={expression} position={position} />
            )}
          </span>
        </p>
      ))}
    </div>
  );
}
