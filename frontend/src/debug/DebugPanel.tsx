import { useEffect, useMemo, useState } from "react";
import { debugPorts } from "../core/tapPorts";
import { Drawer } from "../drawer/Drawer";
import { useOpenFlow } from "../live/context";
import type { DebugRow } from "../live/debugLog";
import { useEditor, useGraph, useReadable } from "../live/hooks";
import { Icon } from "../ui/Icon";
import { VirtualRows } from "../ui/VirtualRows";
import "./debug.css";
import { DebugTools } from "./DebugTools";
import { filterRows, rowText } from "./filterRows";
import { RowDetail } from "./RowDetail";
import { WatchedPorts } from "./WatchedPorts";

const ROW_PX = 26;

/** Messages of debug nodes and of watched ports, one by one, while the drawer is open. */
export function DebugPanel({ onClose }: { onClose: () => void }) {
  const { taps } = useOpenFlow().live;
  const editor = useEditor();
  const graph = useGraph();
  const log = useReadable(taps.log);
  const watched = useReadable(taps.watched);
  const [filter, setFilter] = useState("");
  const [chosen, setChosen] = useState<DebugRow | null>(null);

  const ofNodes = useMemo(() => debugPorts(graph), [graph]);
  useEffect(() => taps.want([...watched, ...ofNodes]), [taps, watched, ofNodes]);
  useEffect(() => () => taps.want([]), [taps]);

  const nameOf = (node: string): string =>
    graph.nodes.get(node)?.label || graph.nodes.get(node)?.component || node;
  const rows = useMemo(
    () => filterRows(log.rows, filter, nameOf),
    // A node that is renamed meanwhile changes what a filter finds.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [log.rows, filter, graph],
  );
  const draw = (row: DebugRow) => (
    <>
      <time className="debug__time num">{timeOf(row.at)}</time>
      <span className="debug__name clip">{nameOf(row.node)}</span>
      <span className="debug__port muted clip">{row.port}</span>
      <code className="debug__text clip">{rowText(row)}</code>
    </>
  );
  const listening = watched.length + ofNodes.length > 0;
  return (
    <Drawer
      name="Debug"
      onClose={onClose}
      tools={<DebugTools log={taps.log} rows={rows} filter={filter} onFilter={setFilter} nameOf={nameOf} />}
    >
      <WatchedPorts nameOf={nameOf} debugNodes={ofNodes.length} />
      <div className="drawer__body drawer__body--split">
        <div className="debug__list">
          {log.pinned.map((row) => (
            <button
              key={row.number}
              type="button"
              className="rows__row debug__pinned"
              aria-pressed={row === chosen}
              onClick={() => setChosen(row)}
            >
              <Icon name="pin" size="s" />
              {draw(row)}
            </button>
          ))}
          {rows.length > 0 ? (
            <VirtualRows
              rows={rows}
              height={ROW_PX}
              keyOf={({ number }) => String(number)}
              draw={draw}
              selected={chosen === null ? null : String(chosen.number)}
              onSelect={setChosen}
              label="Messages"
            />
          ) : (
            <div className="drawer__empty">
              <Icon name="debug" size="l" />
              <p className="strong">
                {log.rows.length > 0
                  ? "No message holds that"
                  : listening
                    ? "No message yet"
                    : "Nothing is watched"}
              </p>
              <p className="small">
                {listening
                  ? "Messages show here as they go by while this drawer is open."
                  : "Add a debug node, or select a node or wire and watch it in the inspector."}
              </p>
            </div>
          )}
        </div>
        <div className="drawer__side">
          <RowDetail
            row={chosen}
            name={chosen ? nameOf(chosen.node) : ""}
            pinned={log.pinned.some(({ number }) => number === chosen?.number)}
            onPin={(pinned) => chosen && taps.log.pin(chosen, pinned)}
            onGo={() => chosen && editor.reveal(chosen.node)}
          />
        </div>
      </div>
    </Drawer>
  );
}

/** 14:32:08.412, in the person's own time. */
export function timeOf(at: number): string {
  const when = new Date(at);
  return `${when.toLocaleTimeString("en-GB")}.${String(when.getMilliseconds()).padStart(3, "0")}`;
}
