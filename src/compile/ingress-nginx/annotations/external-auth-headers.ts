import type { ExternalAuthSettings } from "../../../model/guard.ts";
import { parseVariables } from "../../../request/variables.ts";
import type { Annotations } from "../annotations.ts";
import { unknownVariable } from "../stop-words.ts";

/** annotations/authreq/main.go, ValidHeader. */
const HEADER = /^[a-zA-Z\d\-_]+$/;

/** `auth-response-headers`: comma-separated header names. */
export function readHeaderNames(annotations: Annotations): readonly string[] {
  const names = annotations
    .text("auth-response-headers")
    ?.split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const bad = names?.find((name) => !HEADER.test(name));
  if (bad === undefined) return names ?? [];
  const fix = "Separate the names by commas.";
  annotations.report.bad(
    "auth-response-headers",
    `invalid headers list: "${bad}" is no name`,
    fix,
    "deny-location",
  );
  return [];
}

/** `auth-proxy-set-headers`: NAMESPACE/NAME of a ConfigMap with headers for the authentication service. */
export function readSetHeaders(annotations: Annotations): ExternalAuthSettings["setHeaders"] {
  const name = annotations.text("auth-proxy-set-headers");
  if (name === undefined) return [];
  const deny = (what: string, fix: string) => {
    annotations.report.bad("auth-proxy-set-headers", what, fix, "deny-location");
    return [];
  };
  const [namespace = "", rest] = name.split("/");
  if (name.split("/").length > 2)
    return deny(
      `error reading configmap name "${name}" from annotation: unexpected key format`,
      "Write NAMESPACE/NAME.",
    );
  const foreign = rest !== undefined && namespace !== annotations.namespace;
  if (foreign && annotations.world.config.compileTime.crossNamespace === "refused")
    return deny(
      `cross namespace usage of secrets is not allowed: "${name}"`,
      "Name a ConfigMap of the Ingress's namespace.",
    );
  const configMap = annotations.world.configMaps.get(name);
  if (configMap === undefined) {
    const whole = rest === undefined ? ` (the controller looks for ${annotations.namespace}/${name})` : "";
    const what = `unable to find configMap "${name}"${whole}`;
    const fix = "Add the ConfigMap, and name it NAMESPACE/NAME.";
    const here = "the authentication service is told none of its headers";
    annotations.report.lacks("auth-proxy-set-headers", { object: name, what, here, fix }, "deny-location");
    return [];
  }
  const bad = [...configMap.data.keys()].find((header) => !HEADER.test(header));
  if (bad !== undefined)
    return deny(`invalid proxy-set-headers in configmap: "${bad}" is no header name`, "Correct the key.");
  return [...configMap.data]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([header, text]) => {
      const value = parseVariables(text);
      if (value.kind === "parsed") {
        annotations.sayEmpty("auth-proxy-set-headers", value.text);
        return [{ name: header, value: value.text }];
      }
      const what = `nginx has no variable ${value.variable}, which header ${header} of ConfigMap ${name} names`;
      const words = unknownVariable(value.variable);
      annotations.report.stop("auth-proxy-set-headers", words, what, "Name a variable that nginx has.");
      return [];
    });
}
