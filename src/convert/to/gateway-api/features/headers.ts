import { envoyValue, type IngressParts } from "../parts.ts";

/** `upstream-vhost`, `x-forwarded-prefix`, `custom-headers`. */
export function headersParts(parts: IngressParts): void {
  upstreamHost(parts);
  prefixHeader(parts);
  customHeaders(parts);
}

/** The API server takes host names alone. */
const HOST_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

function upstreamHost(parts: IngressParts): void {
  const name = "upstream-vhost";
  const host = parts.text(name);
  if (host === undefined) return;
  if (!HOST_NAME.test(host)) {
    parts.lose(name, `"${host}" is no host name, so the backend gets the client's Host`);
    return;
  }
  parts.done(name);
  parts.filter(name, { type: "URLRewrite", urlRewrite: { hostname: host } });
  parts.say(name, "the backend also gets the client's Host, as X-Forwarded-Host", {
    requestHeaders: ["host", "x-forwarded-host", ":authority"],
  });
}

/** nginx sets it beside a rewrite alone. */
function prefixHeader(parts: IngressParts): void {
  const name = "x-forwarded-prefix";
  const value = parts.text(name);
  if (value === undefined) return;
  if (!parts.has("rewrite-target")) {
    parts.done(name);
    return;
  }
  if (value.includes("$")) {
    parts.lose(name, "its value has a variable of nginx: the backend gets no X-Forwarded-Prefix");
    return;
  }
  parts.done(name);
  parts.filter(name, {
    type: "RequestHeaderModifier",
    requestHeaderModifier: { set: [{ name: "X-Forwarded-Prefix", value: envoyValue(value) }] },
  });
}

function customHeaders(parts: IngressParts): void {
  const name = "custom-headers";
  if (!parts.has(name)) return;
  const lines = parts.nginx.settings.location.responseHeaders ?? [];
  if (lines.length === 0) {
    parts.lose(name, "its ConfigMap is not among the manifests: answers lack its headers");
    return;
  }
  parts.done(name);
  parts.filter(name, {
    type: "ResponseHeaderModifier",
    responseHeaderModifier: {
      set: lines.map(([header, value]) => ({ name: header, value: envoyValue(value) })),
    },
  });
  parts.say(
    name,
    "the headers are not on answers for paths that no rule has, and not twice where the backend sets them",
    {
      aspects: ["response headers"],
    },
  );
}
