import type { PemPair, UpstreamTls } from "../../../model/route/transport.ts";
import type { NginxAnnotations } from "../annotations.ts";
import type { Context } from "../context.ts";

/** Go verifies chains of any length. */
const DEPTH = 100;

/** `proxy-ssl-*`: certificates of pods are verified with `proxy-ssl-verify: "on"` alone. */
export function podTls(annotations: NginxAnnotations, { secret }: Context): UpstreamTls {
  const [namespace = "", secretName = ""] = (annotations.text("proxy-ssl-secret") ?? "").split("/");
  const data = secret(namespace, secretName)?.data;
  const pem = (key: string) => data?.get(key)?.toString("latin1");
  const name = annotations.text("proxy-ssl-name") ?? annotations.text("proxy-ssl-server-name") ?? "";
  const tls = {
    ca: pem("ca.crt"),
    pair: pairOf(pem("tls.crt"), pem("tls.key")),
    verify: (annotations.text("proxy-ssl-verify") ?? "").toLowerCase() === "on",
    verifyDepth: DEPTH,
    protocols: [],
    name,
    sendName: name !== "",
  };
  return { ...tls, key: JSON.stringify(tls) };
}

function pairOf(cert: string | undefined, key: string | undefined): PemPair | undefined {
  return cert === undefined || key === undefined ? undefined : { cert, key };
}
