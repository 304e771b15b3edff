import type { Report } from "../report.ts";
import type { CustomRead } from "./read.ts";
import type { WrittenGroup } from "./schema.ts";

/** Reads an object of a group, and reports what the API server would say of it. */
export type CustomJudge = (report: Report, kind: string, version: string) => CustomRead;

type Schemas = () => Promise<{ readonly default: unknown }>;

/** A file for each group: only those that occur are loaded. */
const SCHEMAS: ReadonlyMap<string, Schemas> = new Map<string, Schemas>([
  [
    "configuration.konghq.com",
    () => import("./schemas/configuration.konghq.com.json", { with: { type: "json" } }),
  ],
  [
    "gateway.networking.k8s.io",
    () => import("./schemas/gateway.networking.k8s.io.json", { with: { type: "json" } }),
  ],
  [
    "gateway.networking.x-k8s.io",
    () => import("./schemas/gateway.networking.x-k8s.io.json", { with: { type: "json" } }),
  ],
  ["k8s.nginx.org", () => import("./schemas/k8s.nginx.org.json", { with: { type: "json" } })],
  ["projectcontour.io", () => import("./schemas/projectcontour.io.json", { with: { type: "json" } })],
  ["traefik.io", () => import("./schemas/traefik.io.json", { with: { type: "json" } })],
]);

const LOADED = new Map<string, CustomJudge>();

/** `undefined` until it is loaded. */
export function judgeOf(group: string): CustomJudge | undefined {
  return LOADED.get(group);
}

export async function loadJudge(group: string): Promise<void> {
  const schemas = SCHEMAS.get(group);
  if (schemas === undefined || LOADED.has(group)) return;
  const [{ customReader }, { default: written }] = await Promise.all([import("./read.ts"), schemas()]);
  LOADED.set(group, customReader(written as WrittenGroup));
}
