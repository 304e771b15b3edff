import type { Problem } from "../../../model/problem.ts";
import type { RouteEntry } from "../../../model/route/selection.ts";
import { mainBackend, type Route } from "../../../model/route.ts";
import { PREFIX } from "../../nginx-annotations/prefix.ts";
import type { ControllerFlags } from "../../options.ts";
import { ingressName, problemOf } from "../../problem.ts";
import { documented } from "../annotations/documented.ts";
import type { Feature } from "../annotations.ts";
import type { ServerDraft } from "../servers.ts";
import { withNote } from "../settings.ts";

const NAME = "ssl-passthrough";

/** `ssl-passthrough` (annotations/sslpassthrough/main.go). */
export const sslPassthrough: Feature = {
  annotations: documented("TLS", { Low: "ssl-passthrough" }),
  apply: (annotations, settings) => {
    const passthrough = annotations.boolean(NAME);
    if (passthrough === undefined) return settings;
    const passed = { ...settings, server: { ...settings.server, passthrough } };
    const note = `TLS goes to the Service as it is, where that speaks TLS: ${annotations.nameOf(NAME)}`;
    return passthrough ? withNote(passed, annotations.because(NAME, note)) : passed;
  },
};

/**
 * The route that gets a host's TLS connections unopened: that of the path `/`, if the host's oldest Ingress has
 * the annotation (controller.go, createServers and buildPassthroughBackends).
 */
export function passthroughOf(
  server: ServerDraft,
  entries: readonly RouteEntry[],
  { enableSslPassthrough: flag }: ControllerFlags,
): { readonly route?: Route | undefined; readonly problems: readonly Problem[] } {
  const [owner] = server.ingresses;
  if (owner?.settings.server.passthrough !== true) return { problems: [] };
  const { ingress } = owner;
  const field = `metadata.annotations[${PREFIX}${NAME}]`;
  const tell = (level: "notice" | "warning", message: string, fix: string) => {
    const code = level === "notice" ? "ssl-passthrough" : "ssl-passthrough-unused";
    return problemOf(ingress, {
      code,
      level,
      field,
      message: `Ingress ${ingressName(ingress)}: ${message}`,
      fix,
    });
  };
  if (flag === false) {
    const message = `${NAME} has no effect: the controller was not started with --enable-ssl-passthrough, and ends TLS for "${server.host || "_"}" itself`;
    return {
      problems: [
        tell("warning", message, "Give --enable-ssl-passthrough where the controller has the flag."),
      ],
    };
  }
  if (server.host === "" || server.host.startsWith("*.")) {
    const message = `${NAME} is for hosts with a name of their own: TLS for "${server.host || "_"}" ends at the controller`;
    return { problems: [tell("warning", message, "Name the host.")] };
  }
  const root = entries.find(
    ({ route }) =>
      route.rule?.path === "/" && route.rule.host === server.host && mainBackend(route) !== undefined,
  );
  if (root === undefined) {
    const message = `${NAME} needs the path / of host "${server.host}": the controller closes its TLS connections (ingress-dev answers them)`;
    return { problems: [tell("warning", message, "Add the path / with the Service that answers TLS.")] };
  }
  const message = `TLS for "${server.host}" goes to its Service as it is, so that no path, annotation or certificate of the Ingress counts${flag === true ? "" : "; the controller does so only with --enable-ssl-passthrough"}. What speaks no TLS itself (an echo service) is given requests instead`;
  return {
    route: root.route,
    problems: [tell("notice", message, "Start the controller with --enable-ssl-passthrough.")],
  };
}
