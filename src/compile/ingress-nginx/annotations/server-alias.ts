import { compilePattern } from "../../../pcre/pattern.ts";
import type { Annotations, Feature } from "../annotations.ts";
import { isOneWord } from "../values/one-word.ts";
import { refusePattern } from "../values/pcre-words.ts";
import { documented } from "./documented.ts";

/** `server-alias`: further names of the Ingress's hosts (annotations/alias/main.go). */
export const serverAlias: Feature = {
  annotations: documented("Aliases", { High: "server-alias" }),
  apply: (annotations, settings) => {
    const value = annotations.text("server-alias");
    const names = (value ?? "").split(",").map((name) => name.trim());
    const written = [...new Set(names.filter((name) => name !== ""))];
    return { ...settings, aliases: written.filter((name) => isUsable(annotations, name)).sort() };
  },
};

/**
 * A name that nginx refuses is a stop. An expression that only this engine cannot run is left out and
 * reported.
 */
function isUsable(annotations: Annotations, alias: string): boolean {
  const name = "server-alias";
  const refused = nameRefusal(alias);
  if (refused !== undefined) {
    annotations.report.stop(
      name,
      refused,
      `"${alias}" is no server name`,
      "Write names such as www.a.test or *.a.test.",
    );
    return false;
  }
  if (!isOneWord(annotations, name, alias, "server_name")) return false;
  const compiled = alias.startsWith("~") ? compilePattern(alias.slice(1), "anywhere") : undefined;
  if (compiled?.kind !== "refused") return true;
  refusePattern(annotations, name, alias, compiled);
  return false;
}

/** ngx_http_core_server_name; ngx_hash_add_key, which allows a wildcard only as first or last label. */
function nameRefusal(name: string): string | undefined {
  if (name === "~") return 'empty regex in server name "~"';
  if (name.startsWith("~")) return undefined;
  if (/^\*(?!\..)|^\.$/.test(name)) return `server name "${name}" is invalid`;
  const stars = name.split("*").length - 1;
  const isWildcard = stars === 0 || (stars === 1 && (name.startsWith("*.") || name.endsWith(".*")));
  return isWildcard && !name.includes("..") ? undefined : `invalid server name or wildcard "${name}"`;
}
