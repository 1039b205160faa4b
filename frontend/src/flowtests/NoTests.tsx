import { useOpenPanel } from "../actions/context";
import { Icon } from "../ui/Icon";

interface NoTestsProps {
  /** Makes the first one; null for those who may not. */
  onNew: (() => void) | null;
  /** The flow has nothing yet that a message could be given to. */
  empty: boolean;
}

/** What a test is good for, and the ways to the first one. */
export function NoTests({ onNew, empty }: NoTestsProps) {
  const open = useOpenPanel();
  return (
    <section className="tests__first" aria-label="No tests yet">
      <h3>Give a message here, say what has to come there</h3>
      <p className="small muted">
        A test runs the flow by itself, in milliseconds, and says after each edit whether it still does what
        you meant. Nothing is sent to other machines, and your running nodes do not notice.
      </p>
      {onNew === null ? (
        <p className="small">This flow has no tests yet. Whoever may edit it can make them.</p>
      ) : empty ? (
        <p className="small">This flow has no node yet. Add one: a test gives its messages at a node.</p>
      ) : (
        <ul className="tests__ways">
          <li>
            <button type="button" className="btn btn--s" onClick={() => open("runs")}>
              <Icon name="list" size="s" />
              From a run
            </button>
            <span className="small muted">
              It gives and expects what one run had. Choose it, then “Make a test”.
            </span>
          </li>
          <li>
            <button type="button" className="btn btn--s" onClick={() => open("scenarios")}>
              <Icon name="flask" size="s" />
              From a scenario
            </button>
            <span className="small muted">
              With sample data, also in the place of what other machines would answer.
            </span>
          </li>
          <li>
            <button type="button" className="btn btn--s" onClick={onNew}>
              <Icon name="plus" size="s" />
              From nothing
            </button>
            <span className="small muted">
              It gives an empty message at the first port of what is selected, and you fill it in.
            </span>
          </li>
        </ul>
      )}
    </section>
  );
}
