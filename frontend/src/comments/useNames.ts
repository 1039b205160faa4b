import { useEffect, useState } from "react";
import type { CommentApi } from "./commentApi";

const NONE: readonly string[] = [];

/** Names for an `@`, asked for when one is first written; where there are too many to have at once, for what was typed. */
export function useNames(api: Pick<CommentApi, "people">, typed: string | null): readonly string[] {
  const [all, setAll] = useState<{ names: readonly string[]; more: boolean } | null>(null);
  const [found, setFound] = useState<readonly string[]>(NONE);
  const writing = typed !== null;
  useEffect(() => {
    if (!writing || all) return;
    let wanted = true;
    api.people("").then(
      (answer) => wanted && setAll(answer),
      // Without names to choose from they can still be written.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [api, writing, all]);
  const asked = all?.more && typed ? typed : null;
  useEffect(() => {
    if (asked === null) return;
    let wanted = true;
    api.people(asked).then(
      ({ names }) => wanted && setFound(names),
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [api, asked]);
  return asked === null ? (all?.names ?? NONE) : found;
}
