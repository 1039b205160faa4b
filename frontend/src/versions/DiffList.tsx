import { useEffect, useRef, useState } from "react";
import { useReadable } from "../live/hooks";
import { Icon } from "../ui/Icon";
import type { IconName } from "../ui/icons";
import { walkRows } from "../ui/walkRows";
import { DiffFields } from "./DiffFields";
import { compared, goTo } from "./open";
import type { Diff, DiffItem } from "./types";
import { differsOf } from "./union";
import { countsText, KINDS } from "./words";

const ICONS: Record<ReturnType<typeof differsOf>, readonly [IconName, string]> = {
  added: ["plus", "added"],
  removed: ["minus", "removed"],
  changed: ["edit", "changed"],
  moved: ["grip", "moved"],
};

/** So many rows are in the page at a time. */
const PAGE = 200;

/** Everything that is different, thing by thing; a row goes to its thing on the canvas and opens its fields. */
export function DiffList({ diff, textAt }: { diff: Diff; textAt: string }) {
  const at = useReadable(compared)?.at ?? -1;
  const list = useRef<HTMLUListElement>(null);
  const [turned, setTurned] = useState({ at, page: 0 });
  // Until somebody turns it, the page is that of the difference that is looked at.
  const page = turned.at === at ? turned.page : Math.floor(Math.max(at, 0) / PAGE);
  const first = page * PAGE;
  const turn = (by: 1 | -1, text: string) => (
    <li>
      <button
        type="button"
        className="versions__row muted"
        onClick={() => setTurned({ at, page: page + by })}
      >
        {text}
      </button>
    </li>
  );
  useEffect(() => {
    list.current?.querySelector('[aria-pressed="true"]')?.scrollIntoView({ block: "nearest" });
  }, [at, page]);
  return (
    <div className="versions__diff">
      <p className="versions__counts small">
        <span className="muted grow" role="status">
          {countsText(diff)}
          {diff.left > 0 && `; the first ${diff.items.length.toLocaleString("en")} are listed`}
        </span>
        <a href={textAt} target="_blank" rel="noreferrer">
          Read as text
        </a>
      </p>
      <ul ref={list} className="versions__items" aria-label="Differences" onKeyDown={walkRows}>
        {page > 0 && turn(-1, "Show those before")}
        {diff.items.slice(first, first + PAGE).map((item, place) => (
          <ItemRow
            key={item.id}
            item={item}
            current={first + place === at}
            onChoose={() => goTo(first + place)}
          />
        ))}
        {first + PAGE < diff.items.length && turn(1, "Show those after")}
      </ul>
    </div>
  );
}

function ItemRow({ item, current, onChoose }: { item: DiffItem; current: boolean; onChoose: () => void }) {
  const differs = differsOf(item);
  const [icon, word] = ICONS[differs];
  return (
    <li>
      <button type="button" className="versions__row" aria-pressed={current} onClick={onChoose}>
        <span className={`versions__mark is-${differs}`}>
          <Icon name={icon} size="s" />
          {word}
        </span>
        <span className="muted small">{KINDS[item.kind]}</span>
        <span className="grow clip">{item.title}</span>
        {differs === "changed" && <span className="muted small num">{item.fields?.length}</span>}
      </button>
      {current && item.fields && <DiffFields fields={item.fields} />}
    </li>
  );
}
