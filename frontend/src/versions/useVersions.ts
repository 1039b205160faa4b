import { useCallback, useEffect, useMemo, useState } from "react";
import type { OpenFlow } from "../live/context";
import type { Listed, Point, Version, VersionApi } from "./types";
import { versionApi } from "./versionApi";

export interface Versions {
  readonly api: VersionApi;
  /** Null until they are read. */
  readonly listed: Listed | null;
  /** Why they cannot be read; empty when they can. */
  readonly failure: string;
  readonly reload: () => Promise<void>;
  /** Reads older points. */
  readonly older: () => Promise<void>;
}

/** What one can go back to: read at first, when the page comes to the front, and when asked. */
export function useVersions({ editor }: OpenFlow): Versions {
  const flow = editor.flow.get().id;
  const api = useMemo(() => versionApi(flow), [flow]);
  const [listed, setListed] = useState<Listed | null>(null);
  const [failure, setFailure] = useState("");
  const reload = useCallback(async () => {
    try {
      setListed(await api.list());
      setFailure("");
    } catch (error) {
      setFailure(error instanceof Error ? error.message : "The versions could not be read.");
    }
  }, [api]);
  const last = listed?.points.at(-1);
  const older = useCallback(async () => {
    if (!last) return;
    const more = await api.list(last.from);
    setListed((now) => now && { ...now, points: [...now.points, ...more.points], more: more.more });
  }, [api, last]);
  useEffect(() => {
    const read = () => void reload();
    read();
    window.addEventListener("focus", read);
    return () => window.removeEventListener("focus", read);
  }, [reload]);
  return { api, listed, failure, reload, older };
}

/** One row of the list: a named version, or a point of the log. */
export type Entry = { readonly ref: string; readonly version?: Version; readonly point?: Point };

/** Newest first; a point that has a name stands under that alone. */
export function entriesOf({ versions, points }: Listed): readonly Entry[] {
  const named = new Set(versions.map(({ rev }) => rev));
  const entries: (Entry & { rev: number })[] = [
    ...versions.map((version) => ({ ref: version.id, rev: version.rev, version })),
    ...points
      .filter(({ rev }) => !named.has(rev))
      .map((point) => ({ ref: point.ref, rev: point.rev, point })),
  ];
  return entries.sort((one, other) => other.rev - one.rev);
}
