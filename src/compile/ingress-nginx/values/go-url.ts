/** A URL as Go's `url.Parse` reads it: scheme in lower case and host with port, or the fault. */
export type GoUrl = { readonly scheme: string; readonly host: string } | { readonly fault: string };

/** net/url parse, getScheme and parseAuthority, for the characters that annotations may contain. */
export function parseGoUrl(text: string): GoUrl {
  if (text.startsWith(":")) return { fault: "missing protocol scheme" };
  const [whole, scheme = ""] = /^([a-z][a-z0-9+.-]*):/i.exec(text) ?? [""];
  const [rest = ""] = text.slice(whole.length).split("?");
  const [segment = ""] = rest.split("/");
  if (scheme === "" && segment.includes(":"))
    return { fault: "first path segment in URL cannot contain colon" };
  const [, host = ""] = /^\/\/(?!\/)([^/]*)/.exec(rest) ?? [];
  const port = /:([^:]*)$/.exec(host)?.[1] ?? "";
  if (!/^\d*$/.test(port)) return { fault: `invalid port ":${port}" after host` };
  if (host.includes(" ")) return { fault: 'invalid character " " in host name' };
  return { scheme: scheme.toLowerCase(), host };
}
