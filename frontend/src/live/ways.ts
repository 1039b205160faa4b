import { count } from "../core/format";
import type { ModuleTelemetry, TelemetryWay } from "../core/types";

const WAYS: Record<TelemetryWay, string> = {
  direct: "direct",
  proxy: "through the API server",
  status: "status only",
  connecting: "connecting",
};

/** How a module's live values come: "direct · 3 replicas", "through the API server · 2 of 3 replicas", "status only". */
export function describeWay({ way, replicas, linked }: ModuleTelemetry): string {
  if (way === "status" || way === "connecting") return WAYS[way];
  const heard = linked === replicas ? "" : `${String(linked)} of `;
  return `${WAYS[way]} · ${heard}${count(replicas, "replica")}`;
}

/** Who runs a module's nodes: "3 replicas, modules-0 leads". */
export function describeReplicas({ replicas, leader }: ModuleTelemetry): string {
  if (replicas === 0) return "nobody now";
  return `${count(replicas, "replica")}, ${describeLeader(leader)}`;
}

/** Where a source runs, after "Runs on". */
export function describeRunsOn(runsOn: "leader" | "every"): string {
  return runsOn === "leader" ? "the leading replica" : "every replica";
}

export function describeLeader(leader: string): string {
  return leader === "" ? "none leads now" : `${leader} leads`;
}

/** What is less than whole, in two or three words; empty while every replica of every module is linked directly. */
export function describeLack(modules: readonly ModuleTelemetry[]): string {
  const lacking = modules.filter(
    ({ way, linked, replicas }) => way === "status" || (way !== "connecting" && linked < replicas),
  );
  if (lacking.length > 0) return modules.every(({ way }) => way === "status") ? "status only" : "partly";
  return modules.some(({ way }) => way === "proxy") ? "via API server" : "";
}
