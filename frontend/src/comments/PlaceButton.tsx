import type { Graph } from "../core/graph";
import type { CommentPlace } from "../live/commentHints";
import { Icon } from "../ui/Icon";
import { iconOf } from "./ThreadRow";
import { namedPlace } from "./places";

interface PlaceButtonProps {
  graph: Graph;
  place: CommentPlace;
  /** What it was called, for when it is gone. */
  label?: string;
  onGo: (id: string) => void;
}

/** What a thread is about; a press goes there, where it is still there. */
export function PlaceButton({ graph, place, label = "", onGo }: PlaceButtonProps) {
  const { name, gone } = namedPlace(graph, place, label);
  const id = place.node ?? place.edge;
  if (gone || id === null) {
    return (
      <span
        className={gone ? "thread__place thread__place--gone clip" : "thread__place clip"}
        title={gone ? "Deleted, or moved to another flow: an undo of that brings it back" : undefined}
      >
        <Icon name={iconOf(place)} size="s" />
        <span className="clip">{name}</span>
      </span>
    );
  }
  return (
    <button type="button" className="btn btn--plain btn--s clip" title="Go there" onClick={() => onGo(id)}>
      <Icon name={iconOf(place)} size="s" />
      <span className="clip">{name}</span>
    </button>
  );
}
