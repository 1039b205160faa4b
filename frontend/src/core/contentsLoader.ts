import type { FlowApi } from "./api";
import { isLoaded, type ContentsAnswer } from "./contents";
import type { Sync } from "./sync";

/** The server's limit for one request. */
export const MAX_ASKED = 500;

interface Wish {
  readonly ids: readonly string[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface ContentsHost {
  /** Of these, what is there and not loaded. */
  missing(ids: readonly string[]): string[];
  read(ids: readonly string[]): Promise<ContentsAnswer>;
  /** Resolves once they stand in the graph; what changed meanwhile is still missing then. */
  install(answer: ContentsAnswer): Promise<void>;
}

export function contentsLoader(api: Pick<FlowApi, "contents">, sync: Sync): ContentsLoader {
  const rowOf = (id: string) => sync.graph.nodes.get(id) ?? sync.graph.edges.get(id);
  return new ContentsLoader({
    missing: (ids) =>
      ids.filter((id) => {
        const row = rowOf(id);
        return row !== undefined && !isLoaded(row);
      }),
    read: (ids) => {
      const { nodes } = sync.graph;
      const [ofNodes, ofEdges] = [ids.filter((id) => nodes.has(id)), ids.filter((id) => !nodes.has(id))];
      return api.contents(ofNodes, ofEdges);
    },
    install: (answer) => sync.install(answer),
  });
}

/**
 * Reads contents that somebody wants, one request at a time and the newest wish first: what a person has just
 * selected does not wait for a large copy. Who wants what is already on its way gets it with that.
 */
export class ContentsLoader {
  private wishes: Wish[] = [];
  private running = false;

  constructor(private readonly host: ContentsHost) {}

  /** Resolves once all of these that still exist are loaded; rejects when the server does not give them. */
  load(ids: Iterable<string>): Promise<void> {
    const wanted = this.host.missing([...ids]);
    if (wanted.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.wishes.unshift({ ids: wanted, resolve, reject });
      if (!this.running) void this.run();
    });
  }

  /** Nobody waits any more. */
  close(reason: Error): void {
    this.fail(this.wishes, reason);
  }

  /** Never rejects: a failed request is the failure of those who wanted something of it. */
  private async run(): Promise<void> {
    this.running = true;
    // Wishes of one turn are one request.
    await Promise.resolve();
    for (let asked = this.next(); asked.length > 0; asked = this.next()) {
      try {
        const answer = await this.host.read(asked);
        this.forget(asked, answer);
        await this.host.install(answer);
      } catch (error) {
        const ids = new Set(asked);
        this.fail(
          this.wishes.filter((wish) => wish.ids.some((id) => ids.has(id))),
          error,
        );
      }
    }
    this.running = false;
  }

  /** What to ask for next; wishes that have come true are told. */
  private next(): string[] {
    const open: Wish[] = [];
    const ids = new Set<string>();
    for (const wish of this.wishes) {
      const missing = this.host.missing(wish.ids);
      if (missing.length === 0) wish.resolve();
      else open.push(wish);
      for (const id of missing) if (ids.size < MAX_ASKED) ids.add(id);
    }
    this.wishes = open;
    return [...ids];
  }

  /** What the server does not have any more is waited for no longer; the change that says so is on its way. */
  private forget(asked: readonly string[], { nodes, edges, left }: ContentsAnswer): void {
    const said = new Set([...Object.keys(nodes), ...Object.keys(edges), ...left]);
    const gone = new Set(asked.filter((id) => !said.has(id)));
    if (gone.size === 0) return;
    this.wishes = this.wishes.map((wish) => ({ ...wish, ids: wish.ids.filter((id) => !gone.has(id)) }));
  }

  private fail(failed: readonly Wish[], error: unknown): void {
    this.wishes = this.wishes.filter((wish) => !failed.includes(wish));
    for (const wish of failed) wish.reject(error);
  }
}
