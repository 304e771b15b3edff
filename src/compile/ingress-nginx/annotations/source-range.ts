import type { Addresses } from "../../../model/addresses.ts";
import { reason } from "../../../model/reason.ts";
import { hasAddress } from "../../../request/address/address-list.ts";
import { exampleOf, readAddresses } from "../../nginx-annotations/addresses.ts";
import { PREFIX } from "../../nginx-annotations/prefix.ts";
import type { Annotations, Feature } from "../annotations.ts";
import { nginxAddresses } from "../config-map/address-list.ts";
import { type IngressSettings, withLocation } from "../settings.ts";
import { documented } from "./documented.ts";

/**
 * `allowlist-source-range` (alias `whitelist-source-range`) and `denylist-source-range`: an invalid entry
 * denies the location (annotations/ipallowlist/main.go, annotations/ipdenylist/main.go).
 */
export const sourceRange: Feature = {
  annotations: [
    ...documented("Allowlist", { Medium: "allowlist-source-range whitelist-source-range" }),
    ...documented("Denylist", { Medium: "denylist-source-range" }),
  ],
  applies: "always",
  apply: (annotations, settings) => {
    const allow = read(annotations, "allowlist-source-range");
    const deny = read(annotations, "denylist-source-range");
    if (allow === undefined && deny === undefined) return blockedOnly(annotations, settings);
    sayExcluded(annotations, allow, deny);
    const says = [
      deny && `${deny.name} denies ${deny.addresses.written.join(", ")}`,
      allow && `${allow.name} allows ${allow.addresses.written.join(", ")} alone`,
    ].filter((text) => text !== undefined);
    const text = `the address is looked at: ${says.join(", and ")} (Ingress ${annotations.ingressName})`;
    const why = reason("addresses", text, annotations.placeOf(deny?.name ?? "allowlist-source-range"));
    const addresses = { kind: "addresses", why, deny: deny?.addresses, allow: allow?.addresses } as const;
    const guards = { ...settings.location.guards, addresses };
    return withLocation(settings, { guards });
  },
};

interface Range {
  readonly name: string;
  readonly addresses: Addresses;
}

/** A local client has no cluster address, so allow-lists of private networks exclude it. */
function sayExcluded(annotations: Annotations, allow: Range | undefined, deny: Range | undefined): void {
  const { clientAddress: client = "127.0.0.1" } = annotations.world.here;
  const denied = deny !== undefined && hasAddress(deny.addresses, client);
  const named = denied ? deny : allow;
  if (named === undefined || (!denied && hasAddress(named.addresses, client))) return;
  const others = annotations.isSaid("auth-type") || annotations.isSaid("auth-url");
  if (others && annotations.text("satisfy") === "any") return;
  const list = named.addresses.written.join(", ");
  const says = denied ? `denies ${list}` : `allows ${list} alone`;
  const what = `it ${says}, and requests from here come from ${client}: each is answered 403`;
  const [first = ""] = named.addresses.written;
  const fix =
    denied || readAddresses(first) === undefined
      ? "Ask as another client: --client-address ADDRESS, in up and in explain."
      : `Ask as one that may come: --client-address ${exampleOf(first)}, in up and in explain.`;
  // What the ConfigMap says is reported once, of the ConfigMap.
  if (annotations.subject === "defaults" || annotations.has(named.name))
    annotations.report.add("client-excluded", "notice", PREFIX + named.name, what, fix);
}

/**
 * `block-cidrs` of the ConfigMap applies to locations without lists (ngx_http_access_module.c,
 * merge_loc_conf).
 */
function blockedOnly(annotations: Annotations, settings: IngressSettings): IngressSettings {
  const deny = annotations.world.config.compileTime.blockedClients;
  if (deny === undefined) return settings;
  const text = `the address is looked at: block-cidrs of the controller's ConfigMap denies ${deny.written.join(", ")}`;
  const why = reason("addresses", text);
  const guards = { ...settings.location.guards, addresses: { kind: "addresses", why, deny } } as const;
  return withLocation(settings, { guards });
}

function read(annotations: Annotations, name: string): Range | undefined {
  const found = annotations.read(name);
  if (found === undefined) return undefined;
  // nginx gets the ConfigMap's list unchecked; an unreadable entry lets nobody in.
  const addresses = annotations.has(found.name)
    ? readAddresses(found.value)
    : nginxAddresses(found.value.split(",").map((entry) => entry.trim()));
  return addresses && { name: found.name, addresses };
}
