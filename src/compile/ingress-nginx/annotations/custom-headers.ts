import type { ConfigMap } from "../../../model/resource.ts";
import type { Annotations, Feature } from "../annotations.ts";
import { withLocation, withNote } from "../settings.ts";
import { documented } from "./documented.ts";

const NAME = /^[a-zA-Z\d_-]+$/;
const VALUE = /^[a-zA-Z\d_ :;.,\\/"'?!(){}[\]@<>=\-+*#$&`|~^%]+$/;

/**
 * `custom-headers`: response headers from a ConfigMap, `NAMESPACE/NAME`. The controller's option
 * `global-allowed-response-headers` lists the allowed names (annotations/customheaders/main.go). `$` in a
 * value is literal (nginx.tmpl, escapeLiteralDollar).
 */
export const customHeaders: Feature = {
  annotations: documented("Custom headers", { Medium: "custom-headers" }),
  apply: (annotations, settings) => {
    const name = annotations.text("custom-headers");
    if (name === undefined) return settings;
    const configMap = annotations.world.configMaps.get(name);
    if (configMap === undefined) {
      const hint = name.includes("/")
        ? ""
        : ` (the controller looks for NAMESPACE/NAME: ${annotations.namespace}/${name})`;
      const fix = "Apply the ConfigMap, or name one that is there.";
      const what = `there is no ConfigMap ${name}${hint}`;
      annotations.report.lacks(
        "custom-headers",
        { object: name, what, here: "no header is set", fix },
        "deny-location",
      );
      return settings;
    }
    const refused = [...configMap.data].find(
      ([header, value]) => refusal(annotations, header, value) !== undefined,
    );
    if (refused !== undefined) {
      denyHeader(annotations, configMap, refused);
      return settings;
    }
    // Go maps have no order, but the template ranges over sorted names.
    const response = [...configMap.data].sort(([a], [b]) => (a < b ? -1 : 1));
    const names = response.map(([header]) => header).join(", ");
    const note = `${annotations.nameOf("custom-headers")} sets on every response, from ConfigMap ${name}: ${names}`;
    return withNote(
      withLocation(settings, { responseHeaders: response }),
      annotations.because("custom-headers", note),
    );
  },
};

function refusal(annotations: Annotations, header: string, value: string): string | undefined {
  if (!NAME.test(header)) return "is no header name";
  if (!VALUE.test(value)) return "has a value that no header may have";
  if (!annotations.world.config.compileTime.allowedResponseHeaders.includes(header))
    return "is not among global-allowed-response-headers of the controller's ConfigMap";
  return undefined;
}

function denyHeader(
  annotations: Annotations,
  { metadata }: ConfigMap,
  [header, value]: [string, string],
): void {
  const what = `"${header}" of ConfigMap ${metadata.namespace}/${metadata.name} ${refusal(annotations, header, value)}`;
  const fix = `List the header in the ConfigMap ingress-nginx-controller: global-allowed-response-headers: "${header}"`;
  annotations.report.bad("custom-headers", what, fix, "deny-location");
}
