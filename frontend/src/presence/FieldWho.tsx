import { useSyncExternalStore } from "react";
import { useOpenFlow } from "../live/context";
import { Icon } from "../ui/Icon";
import { editorsOf, formOf } from "./fields";
import { colourOf, namesOf } from "./people";
import "./presence.css";

/** Who else edits a field, at that field. */
export default function FieldWho({ form, pointer }: { form: string; pointer: string }) {
  const { presence } = useOpenFlow().live;
  const node = formOf(form) ?? "";
  const editors = useSyncExternalStore(presence.tabs.subscribe, () => editorsOf(presence, node, pointer));
  const [first] = editors;
  if (!first) return null;
  const names = namesOf(editors.map(({ name }) => name));
  return (
    <p className={`fieldwho is-who-${String(colourOf(first.person))}`}>
      <Icon name="edit" size="s" />
      {names} {editors.length === 1 ? "edits" : "edit"} this
    </p>
  );
}
