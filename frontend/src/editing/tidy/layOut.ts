import type { Layout, Places } from "./types";

/** No flow takes so long; a worker that says nothing until then never will. */
const GIVE_UP_MS = 30_000;

/**
 * Lays out in a worker of its own, made for this and ended after it. Rejects when it fails, takes too long or is
 * cancelled by `signal`.
 */
export function layOut(layout: Layout, signal?: AbortSignal): Promise<Places> {
  return new Promise<Places>((resolve, reject) => {
    const worker = new Worker(new URL("./tidyWorker.ts", import.meta.url), { type: "module" });
    const timer = setTimeout(() => end(() => reject(new Error("it took too long"))), GIVE_UP_MS);
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      worker.terminate();
      settle();
    };
    signal?.addEventListener("abort", () => end(() => reject(new Error("it was cancelled"))), { once: true });
    worker.onmessage = ({ data }: MessageEvent<Places>) => end(() => resolve(data));
    worker.onerror = ({ message }) =>
      end(() => reject(new Error(message || "the layout could not be loaded")));
    worker.postMessage(layout);
  });
}
