import type { TraefikParts } from "../parts.ts";

/** `permanent-redirect`, `temporal-redirect`: the whole URL is replaced. */
export function redirectFeatures(parts: TraefikParts): void {
  const { redirect } = parts.nginx.settings.location;
  parts.done("permanent-redirect", "permanent-redirect-code", "temporal-redirect", "temporal-redirect-code");
  if (redirect === undefined) return;
  const { annotation, location, status } = redirect;
  const isPath = location.startsWith("/");
  const isPermanent = status === 301 || status === 308;
  parts.redirect = parts.middleware("redirect", {
    redirectRegex: {
      regex: isPath ? "^(https?://[^/]+).*$" : "^.*$",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Go's template
      replacement: parts.of(annotation, (isPath ? "${1}" : "") + location.replaceAll("$", "$$$$")),
      permanent: isPermanent,
    },
  });
  if (status !== (isPermanent ? 301 : 302))
    parts.say(
      `${annotation}-code`,
      `Traefik redirects with ${isPermanent ? "301" : "302"}, and not with ${status}`,
      { aspects: ["kind", "status", "location", "response headers"] },
    );
  parts.say(
    annotation,
    "a redirect of another method than GET has 308 in place of 301, and 307 in place of 302",
    {
      aspects: ["status"],
    },
  );
}
