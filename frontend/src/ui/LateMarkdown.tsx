import { late } from "./late";

/** Markdown as it looks. Until its code is there, and where that does not come, it can be read as it was written. */
export const LateMarkdown = late<{ text: string; wrapped?: boolean }>(
  () => import("./Markdown").then((module) => ({ default: module.Markdown })),
  ({ text }) => <p>{text}</p>,
);
