import { lazy, Suspense, useState, type ComponentType, type ReactNode } from "react";
import { Boundary } from "./Boundary";

/** However busy the page is, parts are brought after so long. */
const IDLE_MS = 2_000;

class NotLoaded extends Error {}

/** A part that comes later; `fetch` brings its code before it is shown, so that it then stands there at once. */
export type LatePart<P> = ComponentType<P> & { readonly fetch: () => Promise<void> };

/** Puts what is said instead of the part, null while it is on its way, where the part would be. */
type Frame<P> = (props: P, said: ReactNode) => ReactNode;

/**
 * A part of the page whose code comes when it is first shown. The server may be away just then: the part says so in
 * its place and can be asked for again, and the page goes on.
 */
export function late<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
  frame: Frame<P> = (_, said) => said,
): LatePart<P> {
  const loading = (): ComponentType<P> =>
    lazy(() =>
      load().catch((error: unknown) => {
        throw new NotLoaded("The code could not be loaded.", { cause: error });
      }),
    );
  // React keeps what came of it, also that nothing came.
  let next = loading();
  // Where it cannot be had ahead, it is asked for once more when it is shown.
  const fetch = async (): Promise<void> => {
    next = await load().then(
      (module) => module.default,
      () => next,
    );
  };
  function Late(props: P) {
    const [attempt, setAttempt] = useState(0);
    // Kept while it is shown: another one would begin anew.
    const [Part, setPart] = useState(() => next);
    const again = (): void => {
      askForStylesAgain();
      next = loading();
      setPart(() => next);
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
  }
  return Object.assign(Late, { fetch });
}

/** Brings parts once the page has nothing else to do. Gives back how to leave it. */
export function fetchAhead(parts: readonly { readonly fetch: () => Promise<void> }[]): () => void {
  const bring = (): void => {
    for (const part of parts) void part.fetch();
  };
  // Not every browser says when it is idle.
  if (typeof requestIdleCallback !== "function") {
    const timer = setTimeout(bring);
    return () => clearTimeout(timer);
  }
  const wish = requestIdleCallback(bring, { timeout: IDLE_MS });
  return () => cancelIdleCallback(wish);
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
