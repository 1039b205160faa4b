import { useOpenPanel } from "../actions/context";

/** On an empty canvas: other ways to begin than a component. */
export function StartButtons() {
  const open = useOpenPanel();
  return (
    <div className="line">
      <button type="button" className="btn btn--s" onClick={() => open("templates")}>
        Start from a template
      </button>
      <button type="button" className="btn btn--s" onClick={() => open("import")}>
        Import a file
      </button>
    </div>
  );
}
