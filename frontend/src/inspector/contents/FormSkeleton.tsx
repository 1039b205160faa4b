import type { ReactNode } from "react";

import "./contents.css";

interface FormSkeletonProps {
  fields: number;
  /** The form without its values, where it can be drawn. */
  children?: ReactNode;
}

/** A form of which the values are on their way: quiet, because they are here before one has looked. */
export function FormSkeleton({ fields, children }: FormSkeletonProps) {
  return (
    <div className="skeleton" role="status" aria-label="Reading the fields">
      {children ? (
        <div className="skeleton__form" inert>
          {children}
        </div>
      ) : (
        Array.from({ length: Math.max(1, fields) }, (_, row) => (
          <span key={row} className="skeleton__field" aria-hidden="true">
            <i className="skeleton__label" />
            <i className="skeleton__input" />
          </span>
        ))
      )}
    </div>
  );
}
