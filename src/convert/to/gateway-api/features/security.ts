import type { Made, MadeFields, MadeObject } from "../../made.ts";
import { annotationField, isAtHostOf, isOf } from "../../nginx/lost.ts";
import type { IngressParts } from "../parts.ts";

/** Addresses, passwords, and services that are asked. What cannot be said closes: nobody is let in without a guard. */
export function securityParts(parts: IngressParts): void {
  addresses(parts);
  passwords(parts);
  if (parts.text("satisfy") !== "any") parts.done("satisfy");
}

function cidr(text: string): string {
  return text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}`;
}

function addresses(parts: IngressParts): void {
  const names = ["allowlist-source-range", "whitelist-source-range", "denylist-source-range"] as const;
  const guard = parts.nginx.settings.location.guards?.addresses;
  parts.done(...names);
  // The ConfigMap's lists are the whole controller's.
  if (guard === undefined || !names.some((name) => parts.has(name))) return;
  const [allowName = "allowlist-source-range"] = names.filter(
    (name) => name !== "denylist-source-range" && parts.has(name),
  );
  const rule = (action: string, name: string, list: readonly string[]): Made => ({
    action,
    principal: { clientCIDRs: parts.of(name, list.map(cidr)) },
  });
  parts.security.authorization = {
    defaultAction: guard.allow === undefined ? "Allow" : "Deny",
    rules: [
      ...(guard.deny === undefined ? [] : [rule("Deny", "denylist-source-range", guard.deny.written)]),
      ...(guard.allow === undefined ? [] : [rule("Allow", allowName, guard.allow.written)]),
    ],
  };
  for (const name of names)
    parts.say(
      name,
      "Envoy looks at the address of the connection: behind a load balancer it needs clientIPDetection in a ClientTrafficPolicy",
      guardsInOtherWords(parts, "address-denied", "addresses"),
    );
}

/** The same guard has other words on each side. */
function guardsInOtherWords(parts: IngressParts, ...codes: readonly string[]) {
  return (difference: Parameters<typeof isOf>[1]) => {
    if (!isOf(parts.ingress, difference)) return undefined;
    const { first, second } = difference;
    const isSameAnswer =
      first.behaviour.kind === second.behaviour.kind && first.behaviour.status === second.behaviour.status;
    const isOwn = [first, second].some(
      ({ why: [reason] }) => reason !== undefined && codes.includes(reason.code),
    );
    const isRefused = [first, second].every(
      ({ behaviour }) => (behaviour.status ?? 0) === 401 || behaviour.status === 403,
    );
    if (isRefused && isOwn) return { aspects: "answer" as const };
    if (!isSameAnswer) return undefined;
    return { aspects: isOwn ? (["guards", "response headers"] as const) : (["guards"] as const) };
  };
}

const AUTH = ["auth-type", "auth-secret", "auth-secret-type", "auth-realm"] as const;

function passwords(parts: IngressParts): void {
  const guard = parts.nginx.settings.location.guards?.password;
  parts.done(...AUTH);
  if (guard === undefined) return;
  if (guard.kind === "digest-auth") {
    closed(parts, "auth-type", "Envoy has no digest authentication");
    return;
  }
  parts.say("auth-realm", "the realm is the URL of the request");
  parts.say("auth-secret-type", "users are read from the key .htpasswd alone");
  const secret = (parts.text("auth-secret") ?? "").split("/").at(-1) ?? "";
  const name = `${secret}-htpasswd`;
  parts.security.basicAuth = parts.of("auth-type", { users: { name: parts.of("auth-secret", name) } });
  const users = [...guard.users];
  const isSha =
    guard.standsInFor === undefined &&
    users.length > 0 &&
    users.every(([, hash]) => hash.startsWith("{SHA}"));
  if (isSha) parts.objects.push(htpasswd(parts, name, users));
  else parts.presumed.push(htpasswd(parts, name, users.length === 0 ? SOMEBODY : users.map(withSha)));
  parts.say(
    "auth-secret",
    isSha
      ? `Envoy reads users from the key .htpasswd, so Secret ${name} is made of ${secret}; the realm is the URL of the request`
      : `Envoy reads {SHA} hashes alone, from the key .htpasswd of Secret ${name}: until it is there, every request is answered 500`,
    (difference) => {
      if (!isOf(parts.ingress, difference)) return undefined;
      const isOpened =
        difference.second.behaviour.kind === "forward" && difference.first.behaviour.kind !== "forward";
      if (isOpened) return undefined;
      // A password cannot be passed by a client that is let in.
      if (difference.client === "let in" && difference.second.behaviour.status === 401)
        return { aspects: "answer" };
      return { aspects: ["guards", "request headers", "response headers"] };
    },
    isSha
      ? "Clients see another realm; passwords are the same."
      : `Make it: htpasswd -s, and kubectl create secret generic ${name} --from-file=.htpasswd`,
  );
}

function withSha([user]: readonly [string, string]): readonly [string, string] {
  return [user, SOMEBODY[0][1]];
}

/** In a Secret that is only presumed. */
const SOMEBODY = [["somebody", "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="]] as const;

function htpasswd(
  parts: IngressParts,
  name: string,
  users: readonly (readonly [string, string])[],
): MadeObject {
  const text = users.map(([user, hash]) => `${user}:${hash}\n`).join("");
  const metadata: MadeFields = {
    name,
    namespace: parts.namespace === "default" ? undefined : parts.namespace,
  };
  return { apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", stringData: { ".htpasswd": text } };
}

/** Nobody is let in. */
export function closed(parts: IngressParts, name: string, why: string): void {
  parts.closed = parts.of(name, { defaultAction: "Deny" });
  parts.note(
    parts.has(name) ? annotationField(name) : "metadata.name",
    `${why}: every request is refused (403) until something takes its place`,
    (difference) => {
      const isAsked = isOf(parts.ingress, difference) || isAtHostOf(parts.ingress, difference);
      // A password is asked for first.
      const { status } = difference.second.behaviour;
      return isAsked && (status === 403 || status === 401) ? { aspects: "answer" } : undefined;
    },
    "Choose another guard, and write it into the SecurityPolicy.",
  );
}
