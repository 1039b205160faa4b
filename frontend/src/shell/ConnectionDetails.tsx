import type { Connection } from "../core/editorTypes";
import type { ModuleTelemetry, TelemetryWay } from "../core/types";
import { describeLeader, describeWay } from "../live/ways";

const MARKS: Record<TelemetryWay, string> = {
  direct: "is-ok",
  proxy: "is-ok",
  status: "is-idle",
  connecting: "is-working",
};

interface ConnectionDetailsProps {
  connection: Connection;
  detail: string;
}

/** Of each module in the flow: by which way its live values come, of how many replicas, and why not better. */
export function ConnectionDetails({ connection: { socket, modules }, detail }: ConnectionDetailsProps) {
  const known = socket === "live";
  return (
    <>
      {detail !== "" && <p className="small">{detail}</p>}
      {known && modules.length === 0 && (
        <p className="small quiet">The flow has no nodes yet whose values could come.</p>
      )}
      {known && modules.length > 0 && (
        <section className="ways">
          <h2 className="small muted">How live values come</h2>
          <dl className="ways">
            {modules.map((module) => (
              <Module key={module.module} module={module} />
            ))}
          </dl>
        </section>
      )}
      {!known && <p className="small quiet">How live values come shows when the page is connected again.</p>}
    </>
  );
}

function Module({ module }: { module: ModuleTelemetry }) {
  const lacking = module.way === "status" || module.linked < module.replicas;
  return (
    <div className="ways__module">
      <dt className="strong clip">{module.module}</dt>
      <dd className={`state ${lacking && module.way !== "connecting" ? "is-warning" : MARKS[module.way]}`}>
        <i className="mark" aria-hidden="true" />
        {describeWay(module)}
      </dd>
      {module.replicas > 0 && <dd className="small quiet">{describeLeader(module.leader)}</dd>}
      {module.reason !== "" && <dd className="small quiet ways__reason">{module.reason}</dd>}
    </div>
  );
}
