import { useEffect, useId, useRef } from "react";
import type { Connection, QueueState } from "../core/editorTypes";
import { count } from "../core/format";
import { useConnection, useQueue } from "../live/hooks";
import { describeLack } from "../live/ways";
import { Icon } from "../ui/Icon";
import { ConnectionDetails } from "./ConnectionDetails";

interface Said {
  state: "running" | "working" | "waiting" | "error";
  text: string;
  detail: string;
}

/** What the connection's state means for the person looking at it. */
export function describeConnection(
  { socket, cluster, telemetry, reason, modules }: Connection,
  queue: QueueState,
): Said {
  if (socket === "signed_out" || queue.signedOut) {
    return {
      state: "error",
      text: "Signed out",
      detail: "Sign in again in another tab; your edits are kept.",
    };
  }
  if (socket === "gone") {
    return { state: "error", text: "No access", detail: "This flow is gone or no longer shared with you." };
  }
  if (socket === "connecting") return { state: "working", text: "Connecting", detail: "" };
  if (socket === "reconnecting" || queue.stalled) {
    const kept = queue.pending === 0 ? "" : ` · ${count(queue.pending, "edit")} kept`;
    return {
      state: "waiting",
      text: `Reconnecting${kept}`,
      detail: "Edits are kept and sent when the server is back.",
    };
  }
  if (cluster === "unreachable") {
    return {
      state: "error",
      text: "Cluster unreachable",
      detail: reason || "Edits are saved and applied when it is back.",
    };
  }
  const lack = describeLack(modules);
  return {
    state: "running",
    text: lack === "" ? "Live" : `Live · ${lack}`,
    detail:
      telemetry === "status"
        ? "Live values of some nodes cannot be read from their hosts; what you see comes from the nodes' status."
        : "",
  };
}

interface ConnectionPillProps {
  open: boolean;
  onOpen: (open: boolean) => void;
}

/** How the page is connected, in a word or two; opened it shows how the live values of each module come. */
export function ConnectionPill({ open, onOpen }: ConnectionPillProps) {
  const connection = useConnection();
  const { state, text, detail } = describeConnection(connection, useQueue());
  const around = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    button.current?.focus();
    const close = (event: Event): void => {
      if (event.target instanceof Node && !around.current?.contains(event.target)) onOpen(false);
    };
    document.addEventListener("pointerdown", close);
    document.addEventListener("focusin", close);
    return () => {
      document.removeEventListener("pointerdown", close);
      document.removeEventListener("focusin", close);
    };
  }, [open, onOpen]);

  return (
    <div
      ref={around}
      className="connection"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        onOpen(false);
        button.current?.focus();
      }}
    >
      <button
        ref={button}
        type="button"
        className={`state state--pill connection__pill is-${state}`}
        title={detail || "How the live values come"}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => onOpen(!open)}
      >
        <i className={state === "working" ? "mark is-turning" : "mark"} />
        <span className="grow">{text}</span>
        <Icon name="down" size="s" />
      </button>
      <span
        className="unseen"
        role="status"
      >{`Connection: ${[text, detail].filter(Boolean).join(". ")}`}</span>
      <div id={id} className="connection__details" hidden={!open} role="group" aria-label="Connection">
        {open && <ConnectionDetails connection={connection} detail={detail} />}
      </div>
    </div>
  );
}
