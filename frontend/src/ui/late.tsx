import { lazy, Suspense, useState, type ComponentType, type ReactNode } from "react";
import { Boundary } from "./Boundary";

class NotLoaded extends Error {}

/** Puts what is said instead of the part, null while it is on its way, where the part would be. */
type Frame<P> = (props: P, said: ReactNode) => ReactNode;

/**
 * A part of the page whose code comes when it is first shown. The server may be away just then: the part says so in
 * its place and can be asked for again, and the page goes on.
 */
export function late<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
  frame: Frame<P> = (_, said) => said,
): ComponentType<P> {
  const loading = () =>
    lazy(() =>
      load().catch((error: unknown) => {
        throw new NotLoaded("The code could not be loaded.", { cause: error });
      }),
    );
  // React keeps what came of it, also that nothing came.
  let Part = loading();
  return function Late(props: P) {
    const [attempt, setAttempt] = useState(0);
    const again = (): void => {
      askForStylesAgain();
      Part = loading();
      setAttempt(attempt + 1);
    };
    return (
      <Boundary
        key={attempt}
        fallback={(error) => frame(props, <Failed loaded={!(error instanceof NotLoaded)} again={again} />)}
      >
        <Suspense fallback={frame(props, null)}>
          <Part {...props} />
        </Suspense>
      </Boundary>
    );
  };
}

function Failed({ loaded, again }: { loaded: boolean; again: () => void }) {
  return (
    <div className="failed is-error" role="alert">
      <i className="mark" />
      <p className="grow">
        {loaded
          ? "This part of the page failed."
          : "This part of the page could not be loaded: the server does not answer."}
      </p>
      <button type="button" className="btn btn--s" onClick={again}>
        Try again
      </button>
    </div>
  );
}

/** A style sheet that did not come is not asked for a second time by itself. */
function askForStylesAgain(): void {
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')) {
    if (!link.sheet) link.replaceWith(link.cloneNode());
  }
}
