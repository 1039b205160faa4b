import { Icon } from "../ui/Icon";
import type { Held } from "./lights";

/** Says by sign and word on a card what became of the expectations there. */
export function TestMark({ held, failed }: Held) {
  const bad = failed > 0;
  const text = bad
    ? held > 0
      ? `${String(failed)} of ${String(held + failed)} failed`
      : "Failed"
    : "As expected";
  return (
    <span className={`testmark ${bad ? "is-error" : "is-ok"}`}>
      <Icon name={bad ? "close" : "check"} size="s" />
      {text}
    </span>
  );
}
