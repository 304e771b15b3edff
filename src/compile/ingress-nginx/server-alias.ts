import { compilePattern } from "../../match/pattern.ts";
import type { Annotations, Feature } from "./annotations.ts";
import { refusePattern } from "./pcre-words.ts";

/** `server-alias`: other names of the Ingress's hosts (annotations/alias/main.go). */
export const serverAlias: Feature = {
  annotations: ["server-alias"],
  apply: (annotations, settings) => {
    const value = annotations.text("server-alias");
    const names = (value ?? "").split(",").map((name) => name.trim());
    const there = [...new Set(names.filter((name) => name !== ""))];
    return { ...settings, aliases: there.filter((name) => isUsable(annotations, name)).sort() };
  },
};

/** An expression that cannot be run here is left out, and that is said. */
function isUsable(annotations: Annotations, alias: string): boolean {
  const compiled = alias.startsWith("~") ? compilePattern(alias.slice(1), "anywhere") : undefined;
  if (compiled?.kind !== "refused") return true;
  refusePattern(annotations, "server-alias", alias, compiled);
  return false;
}
