import { layered } from "./layered";
import type { Layout } from "./types";

/** Lays flows out beside the page: a thousand cards take longer than a frame. */
self.onmessage = ({ data }: MessageEvent<Layout>): void => {
  self.postMessage(layered(data));
};
