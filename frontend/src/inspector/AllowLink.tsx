import type { Problem } from "../core/types";
import { useCan, useFlow } from "../live/hooks";

/** The way from a refused call to the page of the project where an owner allows it by one press. */
export function AllowLink({ problem }: { problem: Problem }) {
  const { project } = useFlow();
  const { edit } = useCan();
  const place = refusedPlace(problem);
  if (place === null || !edit) return null;
  const page = `/projects/${project.id}/outbound/?allow=${encodeURIComponent(place)}`;
  return (
    <p>
      <a className="btn btn--s" href={page}>
        Allow {place}…
      </a>
    </p>
  );
}

/** The `host:port` that was refused (docs/protocols.md, section 3); null where no owner could allow it. */
export function refusedPlace({ code, message }: Problem): string | null {
  if (code !== "outbound_denied" || !message.includes("An owner of the project allows it")) return null;
  return /(?:^|\s)(\S+:\d+) is not allowed: /.exec(message)?.[1] ?? null;
}
