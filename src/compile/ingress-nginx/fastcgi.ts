import { FASTCGI_VARIABLES } from "../../match/effects/fastcgi.ts";
import { parseVariables } from "../../match/variables.ts";
import type { FastCgiSettings } from "../../model/settings/fastcgi.ts";
import type { Annotations, Feature } from "./annotations.ts";
import { unknownVariable } from "./stops.ts";

const INDEX = "fastcgi-index";
const PARAMS = "fastcgi-params-configmap";
const NAME = /^[A-Za-z0-9.\-_]+$/;
const VALUE = /^[A-Za-z0-9\-_${}/.]*$/;

/** `fastcgi-index`, `fastcgi-params-configmap` (annotations/fastcgi/main.go): for `backend-protocol: FCGI`. */
export const fastCgi: Feature = {
  annotations: [INDEX, PARAMS],
  apply: (annotations, settings) => {
    const what = "the name of one file, such as index.php";
    const index = annotations.text(INDEX, { pattern: NAME, what, otherwise: "refuse-ingress" });
    const params = readParams(annotations);
    if (index === undefined && params === undefined) return settings;
    if (settings.route.backendProtocol !== "FCGI") {
      const named = index === undefined ? PARAMS : INDEX;
      annotations.bad(
        named,
        "the pods are not spoken to by FastCGI",
        "Set backend-protocol: FCGI.",
        "use-default",
      );
    }
    return { ...settings, route: { ...settings.route, fastCgi: { index, params: params ?? [] } } };
  },
};

/** A ConfigMap of another namespace is passed over, with a plain error; one that is not there denies the locations. */
function readParams(annotations: Annotations): FastCgiSettings["params"] | undefined {
  const value = annotations.text(PARAMS, {
    pattern: /^[/\-._~a-zA-Z0-9:]*$/,
    what: "the name of a ConfigMap",
    otherwise: "refuse-ingress",
  });
  if (value === undefined) return undefined;
  const parts = value.split("/");
  const [namespace, name] = parts.length === 1 ? ["", value] : parts;
  if (parts.length > 2 || name === undefined) {
    annotations.bad(PARAMS, `unexpected key format: "${value}"`, "Write NAMESPACE/NAME.", "deny-location");
    return undefined;
  }
  if (namespace !== "" && namespace !== annotations.namespace) {
    const what = "different namespace is not supported on fast_cgi param configmap";
    annotations.bad(PARAMS, what, `Put it into the namespace ${annotations.namespace}.`, "use-default");
    return undefined;
  }
  const key = `${annotations.namespace}/${name}`;
  const data = annotations.world.configMaps.get(key)?.data;
  if (data === undefined) {
    annotations.bad(PARAMS, `the ConfigMap ${key} is not there`, "Add it to the manifests.", "deny-location");
    return undefined;
  }
  return [...data].flatMap(([param, text]) => readParam(annotations, param, text));
}

function readParam(annotations: Annotations, name: string, text: string): FastCgiSettings["params"] {
  if (!NAME.test(name) || !VALUE.test(text)) {
    const what = `fcgi contains invalid key or value: ${JSON.stringify(name)}: ${JSON.stringify(text)}`;
    annotations.bad(PARAMS, what, "Write letters, digits, and variables alone.", "refuse-ingress");
    return [];
  }
  const parsed = parseVariables(text, FASTCGI_VARIABLES);
  if (parsed.kind === "parsed") return [{ name, value: parsed.text }];
  const what = `nginx has no variable ${parsed.variable}`;
  annotations.stop(PARAMS, unknownVariable(parsed.variable), what, "Name a variable that nginx has.");
  return [];
}
