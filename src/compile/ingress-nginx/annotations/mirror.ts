import type { MirrorStep } from "../../../step/mirror.ts";
import type { Annotations, Feature } from "../annotations.ts";
import { withLocation, withNote } from "../settings.ts";
import { documented } from "./documented.ts";

const TARGET = /^https?:\/\/[^/?#$]/i;

/**
 * `mirror-target`, `mirror-host` and `mirror-request-body` (annotations/mirror/main.go). Defaults for bad
 * values: no copy, the target's host, with body.
 */
export const mirror: Feature = {
  annotations: documented("Mirror", { Low: "mirror-request-body", High: "mirror-target mirror-host" }),
  apply: (annotations, settings) => {
    const target = readTarget(annotations);
    const written = annotations.text("mirror-host");
    const body = annotations.text("mirror-request-body");
    if (target === undefined) return settings;
    const named = written === undefined ? undefined : annotations.parse("mirror-host", written);
    const own = hostOf(target.source);
    const made: MirrorStep = {
      kind: "mirror",
      target,
      host: named ?? { source: own, parts: [own] },
      body: body === "off" ? "left-out" : "sent",
    };
    const without = body === "off" ? ", without its body" : "";
    const note = `${annotations.nameOf("mirror-target")} sends a copy of each request to ${target.source}${without}`;
    return withNote(withLocation(settings, { mirror: made }), annotations.because("mirror-target", note));
  },
};

function readTarget(annotations: Annotations): MirrorStep["target"] | undefined {
  const name = "mirror-target";
  const target = annotations.variables(name);
  if (target === undefined || TARGET.test(target.source)) return target;
  const { source } = target;
  const what = "a URL, with nginx's variables: https://test.example.com$request_uri";
  if (source.startsWith("$"))
    annotations.report.notHonoured(
      name,
      `no copy is sent to "${source}", which does not begin with http:// and a host`,
    );
  // ngx_http_proxy_pass: targets with variables are resolved per request.
  else if (source.includes("$")) annotations.report.reject(name, source, what, "use-default");
  else annotations.report.stop(name, "invalid URL prefix", `"${source}" is not ${what}`, `Write ${what}.`);
  return undefined;
}

/** The host before the first variable, without port (Go's url.Hostname). */
function hostOf(target: string): string {
  const [, host = ""] = /^https?:\/\/([^/?#$]*)/i.exec(target) ?? [];
  return host.replace(/:\d*$/, "").replace(/^\[|\]$/g, "");
}
