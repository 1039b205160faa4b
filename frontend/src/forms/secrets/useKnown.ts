import { useEffect, useState } from "react";

import type { NamedSecret, ProjectSecrets } from "./secretsContext";

/** The project's secrets; null until they are known, and empty where they cannot be had. `again` reads them once more. */
export function useKnown(secrets: ProjectSecrets | null): {
  known: readonly NamedSecret[] | null;
  again: () => void;
} {
  const [known, setKnown] = useState<readonly NamedSecret[] | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!secrets) return;
    let wanted = true;
    secrets.list().then(
      (list) => wanted && setKnown(list),
      () => wanted && setKnown([]),
    );
    return () => {
      wanted = false;
    };
  }, [secrets, turn]);
  return { known, again: () => setTurn((number) => number + 1) };
}
