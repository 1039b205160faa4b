import type { Plan, PlanNote } from "./types";

const KINDS: Record<PlanNote["kind"], string> = {
  adapted: "Not quite",
  placeholder: "Placeholder",
  left_out: "Left out",
};

/** What importing the file would do, in words. */
export function PlanView({ plan }: { plan: Plan }) {
  return (
    <div className="stack plan">
      {plan.origin === "node-red" && <span className="chip">Flows of Node-RED</span>}
      {plan.description !== "" && <p className="muted">{plan.description}</p>}
      <ul className="plan__list" aria-label="What comes in">
        {plan.flows.map((flow) => (
          <li key={flow.name}>
            <span className="strong">{flow.name}</span>
            <span className="small muted">{counted(flow)}</span>
          </li>
        ))}
      </ul>
      {plan.unknown.length > 0 && (
        <section>
          <h3 className="small strong">Not known here</h3>
          <p className="small muted">
            Their nodes come in with all they hold, say so, and work once their module is there.
          </p>
          <ul className="plan__list">
            {plan.unknown.map(({ module, component, nodes }) => (
              <li key={`${module}/${component}`}>
                <code>
                  {module}/{component}
                </code>
                <span className="small muted">{count(nodes, "node")}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {plan.origin === "node-red" && (
        <section>
          <h3 className="small strong">
            {count(plan.mapped, "node")} mapped
            {plan.adapted > 0 && `, ${plan.adapted.toLocaleString("en")} of them not quite`}
            {plan.placeholders > 0 && `; ${count(plan.placeholders, "placeholder")}`}
          </h3>
          {plan.notes.length > 0 && (
            <ul className="plan__notes small" tabIndex={0} aria-label="Remarks">
              {plan.notes.map(({ where, message, kind }, at) => (
                <li key={at}>
                  <span className="muted">{KINDS[kind]}</span> <b>{where}</b>: {message}.
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
    </div>
  );
}

function counted(flow: Plan["flows"][number]): string {
  const parts = [count(flow.nodes, "node"), count(flow.wires, "wire")];
  for (const [name, word] of [
    ["groups", "group"],
    ["notes", "note"],
    ["scenarios", "scenario"],
    ["tests", "test"],
  ] as const) {
    if (flow[name] > 0) parts.push(count(flow[name], word));
  }
  return parts.join(" · ");
}

/** `1 node`, `1,200 nodes`. */
export function count(number: number, word: string): string {
  return `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
}
