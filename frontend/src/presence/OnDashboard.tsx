import { useMemo } from "react";
import { useReadable } from "../live/hooks";
import type { Presence } from "../live/presence";
import { Avatars } from "./Avatars";
import { peopleOf, type Person } from "./people";

/** Who else looks at a page of a dashboard. */
export default function OnDashboard({ presence }: { presence: Presence }) {
  const tabs = useReadable(presence.tabs);
  const me = useReadable(presence.me);
  const people = useMemo(() => peopleOf(tabs, me), [tabs, me]);
  return <Avatars people={people} doing={doing} />;
}

function doing({ away }: Person): string {
  return away ? "away" : "";
}
