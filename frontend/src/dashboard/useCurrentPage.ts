import { useCallback, useEffect, useState } from "react";

import type { Dashboard, Page } from "./core/types";

/** The page that is shown, kept in the address; the first one when the address names none that there is. */
export function useCurrentPage(
  { pages, project }: Dashboard,
  first: string,
): [Page | undefined, (page: string) => void] {
  const [id, setId] = useState(first);
  useEffect(() => {
    const read = (): void => setId(/\/dashboards\/([^/]+)\//.exec(location.pathname)?.[1] ?? "");
    window.addEventListener("popstate", read);
    return () => window.removeEventListener("popstate", read);
  }, []);
  const go = useCallback(
    (page: string): void => {
      history.pushState(null, "", `/projects/${project.id}/dashboards/${page}/`);
      setId(page);
    },
    [project.id],
  );
  return [pages.find((page) => page.id === id) ?? pages[0], go];
}
