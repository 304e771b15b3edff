import type { Step } from "../../../step/step.ts";
import type { NginxAnnotations } from "../annotations.ts";
import type { Location } from "../location.ts";

/** A token (RFC 9110 section 5.6.2). */
const METHOD = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** `auth-url` and its companions; any answer but 2xx is the client's. */
export function authSteps({ annotations }: Location): readonly Step[] {
  const address = annotations.bytes("auth-url") ?? "";
  if (address === "") return [];
  const named = annotations.nameOf("auth-url");
  const method = annotations.text("auth-method") || "GET";
  const text = `${method} ${address} is asked: 2xx lets the request in (${named})`;
  const why = annotations.because("external-auth", "auth-url", text);
  if (!METHOD.test(method)) {
    const bad = annotations.because(
      "auth-service-failed",
      "auth-method",
      `${JSON.stringify(method)} is no method`,
    );
    return [{ kind: "answer", status: 500, text: "", why: [bad] }];
  }
  return [
    {
      kind: "guard",
      guard: {
        kind: "forward-auth",
        ...{ address, named, why, variables: "nginx" },
        requestHeaders: [],
        responseHeaders: (annotations.list("auth-response-headers") ?? []).filter((name) => name !== ""),
        cookies: [],
        signin: signinOf(annotations),
        location: "kept",
        method: { name: method },
        trust: "nobody",
      },
    },
  ];
}

/** With the way back, unless it names one itself. */
function signinOf(annotations: NginxAnnotations): string | undefined {
  const page = annotations.bytes("auth-signin") ?? "";
  if (page === "") return undefined;
  if (page.includes("rd=")) return page;
  return `${page}${page.includes("?") ? "&" : "?"}rd=$scheme://$best_http_host$escaped_request_uri`;
}
