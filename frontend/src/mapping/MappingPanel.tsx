import { useEffect, useState } from "react";

import { Drawer } from "../drawer/Drawer";
import { Loaded } from "../inspector/contents/Loaded";
import { largeIsOpen } from "../inspector/edge/large";
import { useEdge, useSelection } from "../live/hooks";
import { Icon } from "../ui/Icon";
import "./mapping.css";
import { useEndWords } from "./useEndWords";
import { WireMapping } from "./WireMapping";

/** Three panes need more room than a list. */
const HEIGHT = 416;

/** The mapping of the selected wire, large; of the one before, while none is selected. */
export function MappingPanel({ onClose }: { onClose: () => void }) {
  const id = useShownWire();
  const edge = useEdge(id);
  useEffect(() => {
    largeIsOpen.set(true);
    return () => largeIsOpen.set(false);
  }, []);
  return (
    <Drawer
      name="Wire mapping"
      usual={HEIGHT}
      onClose={onClose}
      tools={
        edge && <Ends source={[edge.source, edge.source_port]} target={[edge.target, edge.target_port]} />
      }
    >
      {edge ? (
        <Loaded row={edge} fields={4}>
          {(loaded) => <WireMapping key={edge.id} edge={loaded} />}
        </Loaded>
      ) : (
        <div className="drawer__empty">
          <Icon name="braces" size="l" />
          <p className="strong">No wire is selected</p>
          <p className="small">
            Select a wire: here you see what comes out of its source, what the mapping makes of it, and
            whether the target takes that.
          </p>
        </div>
      )}
    </Drawer>
  );
}

function useShownWire(): string {
  const { nodes, edges } = useSelection();
  const only = nodes.size === 0 && edges.size === 1 ? [...edges][0] : undefined;
  const [shown, setShown] = useState("");
  if (only !== undefined && only !== shown) setShown(only);
  return only ?? shown;
}

type End = readonly [node: string, port: string];

function Ends({ source, target }: { source: End; target: End }) {
  const from = useEndWords(...source, true);
  const to = useEndWords(...target, false);
  return (
    <p className="mapping__ends clip">
      <span className="clip">{from}</span>
      <Icon name="right" size="s" />
      <span className="clip">{to}</span>
    </p>
  );
}
