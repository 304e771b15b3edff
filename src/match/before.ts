import type { Decision, RequestFacts } from "../model/decision.ts";
import type { ReadPath } from "../model/plane.ts";
import type { HostStep } from "../model/route/host-step.ts";
import type { VirtualHost } from "../model/route/selection.ts";
import type { RouteTable } from "../model/route.ts";
import type { SeeStep } from "../step/decide.ts";
import { redirectToAppRoot } from "./before/app-root.ts";
import { blocked } from "./before/blocked.ts";
import { certificateSubject, type InnerPath, judgeCertificate } from "./before/client-certificate.ts";
import { hostRedirect } from "./before/host-redirect.ts";
import { judgeServerName } from "./before/server-name.ts";
import { judgeTlsOptions } from "./before/tls-options.ts";

export interface AtHost {
  readonly table: RouteTable;
  readonly request: RequestFacts;
  readonly host: VirtualHost;
  /** `$host`, which selected the virtual host. */
  readonly name: string;
  readonly path: ReadPath;
  readonly see: Observer | undefined;
}

/** Sees the steps that have an effect on a request, in order. */
export interface Observer {
  /** A step before the search for an entry, and where it sends the request. */
  readonly before: (step: HostStep, result: Decision | InnerPath) => void;
  readonly step: SeeStep;
}

/**
 * The first decision of the host's steps, or another path to search with.
 *
 * At an internal redirect nginx repeats its rewrite phase, but not the check of the certificate
 * (ngx_http_internal_redirect).
 */
export function beforeEntries(at: AtHost): Decision | InnerPath | undefined {
  for (const step of at.host.before) {
    const decision = take(step, at);
    if (decision === undefined) continue;
    at.see?.before(step, decision);
    return decision;
  }
  return undefined;
}

function take(step: HostStep, { table, request, path, name }: AtHost): Decision | InnerPath | undefined {
  switch (step.kind) {
    case "client-certificate":
      return request.inner === undefined ? judgeCertificate(step.auth, request) : undefined;
    case "server-name":
      return judgeServerName(step, table, request, name);
    case "tls-options":
      return judgeTlsOptions(step, request);
    case "blocked":
      return blocked(step.lists, request);
    case "certificate-subject":
      return certificateSubject(step.auth, request);
    case "closed":
      return { kind: "respond", status: 403, why: [step.why] };
    case "host-redirect":
      return hostRedirect(step, table, request);
    case "app-root":
      return redirectToAppRoot(step, request, path);
  }
}
