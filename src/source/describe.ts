import { counted, countedKind } from "../counted.ts";
import { ROUTE_KINDS } from "../model/custom-kinds.ts";
import type { Snapshot } from "../model/snapshot.ts";

type Routed = Pick<Snapshot, "ingresses" | "custom">;

/** `2 Ingresses`, `1 Ingress, 3 HTTPProxies`, `2 HTTPRoutes`. */
export function describeRoutes({ ingresses, custom }: Routed): string {
  const counts = new Map<string, number>();
  for (const { kind } of custom) if (ROUTE_KINDS.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const words = [...counts].map(([kind, count]) => countedKind(count, kind));
  if (ingresses.length > 0 || words.length === 0) words.unshift(countedKind(ingresses.length, "Ingress"));
  return words.join(", ");
}

/** `examples/quick-start (2 files, 2 Ingresses)` */
export function describeContent(inputs: readonly string[], files: number, routed: Routed): string {
  const names = inputs.map((input) => (input === "-" ? "standard input" : input)).join(", ");
  const onlyStdin = inputs.every((input) => input === "-");
  const counts = [...(onlyStdin ? [] : [counted(files, "file", "files")]), describeRoutes(routed)];
  return `${names} (${counts.join(", ")})`;
}
