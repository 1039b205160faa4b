import { useId, useState } from "react";

import type { Schema } from "../forms/schema/types";
import { Icon } from "../ui/Icon";
import { SourceTree } from "./SourceTree";
import type { Sample } from "./useSample";

/** What comes out of the source: its schema with the values of a message. */
export function SourcePane({ root, sample }: { root: Schema; sample: Sample }) {
  const [letters, setLetters] = useState("");
  const id = useId();
  return (
    <section className="mapping__pane" aria-labelledby={id}>
      <header className="mapping__head">
        <h3 id={id}>Message</h3>
        <div className="input input--select mapping__data">
          <select
            aria-label="Data to try the mapping on"
            value={sample.id}
            onChange={(event) => sample.choose(event.target.value)}
          >
            {sample.options.map(({ id: option, label, problem }) => (
              <option key={option} value={option} disabled={problem !== ""}>
                {problem === "" ? label : `${label} (${problem})`}
              </option>
            ))}
          </select>
          <Icon name="down" />
        </div>
        {sample.renew && (
          <button type="button" className="btn btn--plain btn--s" onClick={sample.renew}>
            <Icon name="retry" size="s" />
            Newest
          </button>
        )}
      </header>
      <div className="mapping__find">
        <Icon name="search" size="s" />
        <input
          type="search"
          aria-label="Find a field of the message"
          placeholder="Find a field"
          value={letters}
          onChange={(event) => setLetters(event.target.value)}
        />
      </div>
      <SourceTree root={root} message={sample.message} letters={letters} labelledBy={id} />
    </section>
  );
}
