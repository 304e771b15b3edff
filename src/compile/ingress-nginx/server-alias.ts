import type { Feature } from "./annotations.ts";

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
    return { ...settings, aliases: [...new Set(names.filter((name) => name !== ""))].sort() };
  },
};
