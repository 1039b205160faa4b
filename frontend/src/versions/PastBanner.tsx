import { useReadable } from "../live/hooks";
import type { Past } from "../live/past";
import { Icon } from "../ui/Icon";
import { compared } from "./open";
import "./marks.css";
import { countsText } from "./words";

/** Over the canvas while it shows the past: what it is, the way through its differences, and the way back. */
export function PastBanner({ past }: { past: Past }) {
  const comparison = useReadable(compared);
  const many = comparison?.diff.items.length ?? 0;
  const step = (by: 1 | -1, icon: "up" | "down", label: string, key: string) => (
    <button
      type="button"
      className="btn btn--plain btn--icon btn--s"
      aria-label={label}
      title={`${label} (${key})`}
      onClick={() => past.step(by)}
    >
      <Icon name={icon} />
    </button>
  );
  return (
    <section className="pastbanner" aria-label="The past">
      <Icon name="clock" />
      <p className="grow clip" role="status">
        <b>{past.title}</b>
        <span className="muted">
          {" "}
          · {comparison ? countsText(comparison.diff) : "you can look, not change"}
        </span>
      </p>
      {comparison && many > 0 && (
        <>
          <span className="small muted num">
            {comparison.at < 0 ? "–" : comparison.at + 1} / {many.toLocaleString("en")}
          </span>
          {step(-1, "up", "Difference before", "K")}
          {step(1, "down", "Next difference", "J")}
        </>
      )}
      <button type="button" className="btn btn--s" title="Back to now (B)" onClick={past.back}>
        Back to now
      </button>
    </section>
  );
}
