import type { MadeFields } from "../../made.ts";
import { isOf } from "../../nginx/lost.ts";
import type { IngressParts } from "../parts.ts";

/** Those of the API. */
const STATUSES = [301, 302, 303, 307, 308];

/** `permanent-redirect` and `temporal-redirect` with their codes: a rule that redirects has no backends. */
export function redirectParts(parts: IngressParts): void {
  const found = parts.nginx.settings.location.redirect;
  const annotation = parts.has("temporal-redirect") ? "temporal-redirect" : "permanent-redirect";
  const code = `${annotation}-code`;
  if (found === undefined) return;
  parts.done("permanent-redirect-code", "temporal-redirect-code");
  const { status, location } = found;
  const url = readUrl(String(location));
  if (url === undefined) {
    parts.lose(annotation, `"${String(location)}" is no URL without variables, and the backend answers`);
    return;
  }
  parts.done("permanent-redirect", "temporal-redirect");
  const statusCode = STATUSES.includes(status) ? status : annotation === "temporal-redirect" ? 302 : 301;
  if (statusCode !== status)
    parts.say(code, `the API has no redirect with ${status}: ${statusCode} takes its place`, {
      aspects: "answer",
    });
  parts.redirect = parts.of(annotation, {
    type: "RequestRedirect",
    requestRedirect: { ...url, statusCode: parts.of(code, statusCode) },
  }) as unknown as MadeFields;
  const { ingress } = parts;
  parts.say(annotation, "the query of a request goes along in the redirect", (difference) =>
    isOf(ingress, difference) && difference.request.target.includes("?")
      ? { aspects: ["location"] }
      : undefined,
  );
}

/** `undefined`: not a plain URL of http or https */
function readUrl(text: string): MadeFields | undefined {
  const [, scheme, hostname, port, path] =
    /^(https?):\/\/([a-z0-9][a-z0-9.-]*)(?::(\d{1,5}))?(\/[^$#]*)?$/i.exec(text) ?? [];
  if (scheme === undefined || hostname === undefined) return undefined;
  return {
    scheme: scheme.toLowerCase(),
    hostname: hostname.toLowerCase(),
    port: port === undefined ? undefined : Number(port),
    path: { type: "ReplaceFullPath", replaceFullPath: path ?? "/" },
  };
}
