import { compilePattern } from "../../match/pattern.ts";
import type { Annotations, Feature } from "./annotations.ts";

/** annotations/parser/validators.go, ValidateServerName: names, wildcards and regular expressions, comma-separated. */
const SERVER_NAMES = /^[-/._~a-zA-Z0-9:^$[\](){}*+?|&=\\, ]*$/;

/** `server-alias`: other names of the Ingress's hosts (annotations/alias/main.go). */
export const serverAlias: Feature = {
  annotations: ["server-alias"],
  apply: (annotations, settings) => {
    const value = annotations.text("server-alias", {
      pattern: SERVER_NAMES,
      what: "a comma-separated list of host names",
      otherwise: "refuse-ingress",
    });
    const names = (value ?? "").split(",").map((name) => name.trim());
    const there = [...new Set(names.filter((name) => name !== ""))];
    return { ...settings, aliases: there.filter((name) => isUsable(annotations, name)).sort() };
  },
};

/** nginx also takes `shop.*`, and `.shop.test` for a name and all below it. */
function isUsable(annotations: Annotations, alias: string): boolean {
  if (alias.startsWith("~")) {
    const compiled = compilePattern(alias.slice(1), "anywhere");
    if (compiled.kind === "compiled") return true;
    annotations.notHonoured("server-alias", `"${alias}" cannot be run here: ${compiled.why}`);
    return false;
  }
  if (!alias.startsWith(".") && !alias.endsWith(".*")) return true;
  const what = `"${alias}" is a wildcard of nginx's own that is not understood here: the cluster serves what it covers`;
  annotations.notHonoured("server-alias", what);
  return false;
}
