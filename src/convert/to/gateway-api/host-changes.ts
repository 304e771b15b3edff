import { annotationField, isAtHost, isOf } from "../nginx/lost.ts";
import type { IngressSource } from "../sources.ts";
import type { KnownChange } from "../target.ts";

interface HostsWorld {
  /** True for a host with a certificate. */
  readonly isSecure: (host: string) => boolean;
  readonly tlsNames: ReadonlySet<string>;
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  readonly hosts: ReadonlySet<string>;
}

/** What hosts have otherwise: redirects without a certificate, aliases that are expressions. */
export function hostChanges(
  { ingress, nginx }: IngressSource,
  { isSecure, tlsNames, aliases, hosts }: HostsWorld,
): readonly KnownChange[] {
  if (nginx === undefined) return [];
  const changes: KnownChange[] = [];
  const { sslRedirect } = nginx.settings.location;
  const named = ingress.spec.rules.flatMap(({ host }) => [host, ...(aliases.get(host) ?? [])]);
  const bare = named.filter(
    (host) =>
      !isSecure(host) &&
      (sslRedirect === "always" || (sslRedirect === "with-tls" && (tlsNames.has(host) || !hosts.has(host)))),
  );
  if (bare.length > 0)
    changes.push({
      ingress,
      field: nginx.annotations.has("force-ssl-redirect") ? annotationField("force-ssl-redirect") : "spec.tls",
      message: `${bare.map((host) => host || "every other host").join(", ")} has no certificate, so no https: requests by http are served in place of a redirect`,
      fix: "Add tls with the Secret of a certificate, or redirect at the load balancer that ends TLS.",
      explains: (difference) =>
        (isOf(ingress, difference) || bare.some((host) => isAtHost(host, difference))) &&
        difference.first.behaviour.location?.startsWith("https:") === true
          ? { aspects: "answer" }
          : undefined,
    });
  const expressions = nginx.settings.aliases.filter((alias) => alias.startsWith("~"));
  if (expressions.length > 0)
    changes.push({
      ingress,
      field: annotationField("server-alias"),
      message: `${expressions.join(", ")} is an expression, which no hostname is: such names are not served`,
      fix: "Write the names that are meant.",
      explains: (difference) => (isOf(ingress, difference) ? { aspects: "answer" } : undefined),
    });
  return changes;
}
