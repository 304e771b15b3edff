import { FASTCGI_VARIABLES, type FastCgiStep } from "../../../step/fastcgi.ts";
import type { Annotations, Feature } from "../annotations.ts";
import { withLocation } from "../settings.ts";
import { regexValidIndexAnnotationAndKey, validFCGIValue } from "../validators/patterns.ts";
import { documented } from "./documented.ts";

const INDEX = "fastcgi-index";
const PARAMS = "fastcgi-params-configmap";

/**
 * `fastcgi-index`, `fastcgi-params-configmap` (annotations/fastcgi/main.go), for `backend-protocol: FCGI`.
 */
export const fastCgi: Feature = {
  annotations: documented("FastCGI", { Medium: "fastcgi-index fastcgi-params-configmap" }),
  apply: (annotations, settings) => {
    const index = annotations.text(INDEX);
    const params = readParams(annotations);
    if (index === undefined && params === undefined) return settings;
    if (settings.transport.protocol !== "FCGI") {
      const named = index === undefined ? PARAMS : INDEX;
      annotations.report.bad(
        named,
        "the pods are not spoken to by FastCGI",
        "Set backend-protocol: FCGI.",
        "use-default",
      );
    }
    return withLocation(settings, { fastCgi: { kind: "fastcgi", index, params: params ?? [] } });
  },
};

/**
 * A ConfigMap of another namespace is a plain error and also drops the index; a missing one denies the
 * locations.
 */
function readParams(annotations: Annotations): FastCgiStep["params"] | undefined {
  const value = annotations.text(PARAMS);
  if (value === undefined) return undefined;
  const parts = value.split("/");
  const [namespace, name] = parts.length === 1 ? ["", value] : parts;
  if (parts.length > 2 || name === undefined) {
    annotations.report.bad(
      PARAMS,
      `unexpected key format: "${value}"`,
      "Write NAMESPACE/NAME.",
      "deny-location",
    );
    return undefined;
  }
  if (namespace !== "" && namespace !== annotations.namespace) {
    const what = "different namespace is not supported on fast_cgi param configmap";
    annotations.report.bad(
      PARAMS,
      what,
      `Put it into the namespace ${annotations.namespace}.`,
      "ignore-group",
    );
    return undefined;
  }
  const key = `${annotations.namespace}/${name}`;
  const data = annotations.world.configMaps.get(key)?.data;
  if (data === undefined) {
    const what = `the ConfigMap ${key} is not there`;
    const fix = "Add it to the manifests.";
    const lacking = { object: key, what, here: "the application is told none of it", fix };
    annotations.report.lacks(PARAMS, lacking, "deny-location");
    return undefined;
  }
  return [...data].flatMap(([param, text]) => readParam(annotations, param, text));
}

function readParam(annotations: Annotations, name: string, text: string): FastCgiStep["params"] {
  if (!regexValidIndexAnnotationAndKey.test(name) || !validFCGIValue.test(text)) {
    const what = `fcgi contains invalid key or value: ${JSON.stringify(name)}: ${JSON.stringify(text)}`;
    annotations.report.bad(PARAMS, what, "Write letters, digits, and variables alone.", "refuse-ingress");
    return [];
  }
  const value = annotations.parse(PARAMS, text, FASTCGI_VARIABLES);
  return value === undefined ? [] : [{ name, value }];
}
