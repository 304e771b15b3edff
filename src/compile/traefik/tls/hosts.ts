import { jsonFields, jsonItems, jsonString } from "../../../model/json.ts";
import type { CustomResource } from "../../../model/resource.ts";
import type { TlsHost } from "../../../model/route.ts";
import { hostsOfCertificates, type NamedSecret, secretsOfIngress } from "../../shared/certificate-hosts.ts";
import { refOf } from "../../shared/reference.ts";
import { Lost } from "../lost.ts";
import type { TraefikObjects } from "../objects.ts";
import { isOfClass } from "../routers/ingress-route-routers.ts";
import { matchOfRule } from "../rule/match.ts";
import { readRule } from "../rule/parse.ts";
import { defaultStore } from "./store.ts";

/** The certificates that Ingresses, IngressRoutes and the default TLSStore name, by their own names. */
export function traefikTlsHosts(objects: TraefikObjects): readonly TlsHost[] {
  const options = { secret: objects.secret, absent: objects.absentSecrets };
  const ofIngresses = objects.ingresses.flatMap((each) => secretsOfIngress(each, options));
  const ofRoutes = objects.all("IngressRoute").flatMap((route) => secretOf(route, objects));
  const named = [...ofIngresses, ...ofRoutes, ...storedSecrets(objects)];
  return hostsOfCertificates(named, options);
}

function secretOf(route: CustomResource, objects: TraefikObjects): readonly NamedSecret[] {
  const secretName = jsonString(jsonFields(route.spec.tls).secretName) ?? "";
  if (secretName === "" || !isOfClass(route, objects)) return [];
  const hosts = jsonItems(route.spec.routes).flatMap((item) =>
    hostsIn(jsonString(jsonFields(item).match) ?? ""),
  );
  const { namespace } = route.metadata;
  return [{ hosts, namespace, secretName, ingress: refOf(route, "spec.tls") }];
}

function storedSecrets(objects: TraefikObjects): readonly NamedSecret[] {
  const store = defaultStore(objects);
  if (store === undefined) return [];
  const { namespace } = store.metadata;
  return jsonItems(store.spec.certificates).flatMap((item, at) => {
    const secretName = jsonString(jsonFields(item).secretName) ?? "";
    const ingress = refOf(store, `spec.certificates[${at}]`);
    return secretName === "" ? [] : [{ hosts: [], namespace, secretName, ingress }];
  });
}

function hostsIn(rule: string): readonly string[] {
  const parsed = readRule(rule);
  const match = parsed && matchOfRule(parsed, "v3");
  if (match === undefined || match instanceof Lost) return [];
  return (match.hosts ?? []).flatMap((host) => (host.kind === "pattern" ? [] : [host.name]));
}
