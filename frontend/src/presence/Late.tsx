import { useCallback, useSyncExternalStore, type ReactNode } from "react";
import { useOpenFlow } from "../live/context";
import { useReadable } from "../live/hooks";
import type { Presence } from "../live/presence";
import { late } from "../ui/late";

/* What shows the others comes when somebody else is here. Where it cannot be loaded the page goes on without it. */

const nothing = (): null => null;
const InEditor = late(() => import("./InEditor"), nothing);
const OnCanvas = late(() => import("./OnCanvas"), nothing);
const FieldWho = late(() => import("./FieldWho"), nothing);
const OnDashboard = late(() => import("./OnDashboard"), nothing);

export function PeopleInEditor() {
  const { presence } = useOpenFlow().live;
  return useReadable(presence.company) ? <InEditor /> : null;
}

export function PeopleOnCanvas() {
  const { presence } = useOpenFlow().live;
  return useReadable(presence.company) ? <OnCanvas /> : null;
}

export function PeopleOnDashboard({ presence }: { presence: Presence }) {
  return useReadable(presence.company) ? <OnDashboard presence={presence} /> : null;
}

/** At a field that somebody edits. */
export function peopleAtField(form: string, pointer: string): ReactNode {
  return <PeopleAtField form={form} pointer={pointer} />;
}

function PeopleAtField({ form, pointer }: { form: string; pointer: string }) {
  const { presence } = useOpenFlow().live;
  const isEdited = useCallback(() => {
    if (!presence.company.get()) return false;
    const tabs = [...presence.tabs.get().values()];
    return tabs.some((tab) => tab.form?.pointer === pointer && form.endsWith(`:${tab.form.node}`));
  }, [presence, form, pointer]);
  return useSyncExternalStore(presence.tabs.subscribe, isEdited) ? (
    <FieldWho form={form} pointer={pointer} />
  ) : null;
}
