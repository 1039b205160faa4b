import { useState } from "react";
import type { Component } from "../core/types";
import { Icon } from "../ui/Icon";
import { late } from "../ui/late";

const ComponentDocs = late(() => import("./ComponentDocs"));

/** Opens what there is to know about a component, beside the panel that the button stands in. */
export function AboutButton({ component }: { component: Component }) {
  const [beside, setBeside] = useState<HTMLElement | null>(null);
  return (
    <>
      <button
        type="button"
        className="btn btn--plain btn--icon btn--s"
        aria-label={`About ${component.title}`}
        title={`About ${component.title}`}
        aria-haspopup="dialog"
        onClick={(event) => setBeside(event.currentTarget)}
      >
        <Icon name="info" />
      </button>
      {beside && <ComponentDocs component={component} beside={beside} onClose={() => setBeside(null)} />}
    </>
  );
}
