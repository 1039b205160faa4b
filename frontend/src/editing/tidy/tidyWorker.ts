import { grouped } from "./grouped";
import type { Layout } from "./types";

/** Lays flows out beside the page: a thousand cards take longer than a frame. */
self.onmessage = ({ data }: MessageEvent<Layout>): void => {
  self.postMessage(grouped(data));
};
