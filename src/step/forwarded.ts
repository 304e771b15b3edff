import type { OriginalHeaders } from "../model/controller.ts";
import type { HeaderLine, RequestFacts } from "../model/decision.ts";
import type { Arrival } from "./arrival.ts";
import type { Change } from "./change.ts";

/** Headers about the client that differ from the connection's (nginx.tmpl). */
export interface ForwardedStep {
  readonly kind: "forwarded";
  /** `compute-full-forwarded-for`. default: no forwarded header is trusted */
  readonly chain?: ForwardedChain | undefined;
  /** `forwarded-for-header`, `forwarded-host-header`: passed on as `X-Original-Forwarded-For` and `-Host`. */
  readonly originals?: OriginalHeaders | undefined;
  /** `generate-request-id`: for a request without `X-Request-ID`. */
  readonly requestId: "generated" | "as-sent";
}

/** `X-Forwarded-For`: every address on the way, or only the client's. */
export type ForwardedChain = "whole" | "client";

export function tellClient(
  { request }: Arrival,
  { chain, originals, requestId }: ForwardedStep,
): Change | undefined {
  const isWithoutId = requestId === "as-sent" && (request.header("x-request-id") ?? "") === "";
  const requestHeaders = [
    ...(isWithoutId ? [["X-Request-ID", ""] as const] : []),
    ...(chain === undefined ? [] : trustedLines(request, chain)),
    ...(originals === undefined ? [] : originalLines(request, originals)),
  ];
  return requestHeaders.length === 0 ? undefined : { requestHeaders };
}

/** The client's forwarding headers under the ConfigMap's names; an empty one removes the usual. */
function originalLines(request: RequestFacts, names: OriginalHeaders): readonly HeaderLine[] {
  return [
    ["X-Original-Forwarded-For", request.header(names.for) ?? ""],
    ["X-Original-Forwarded-Host", request.header(names.host) ?? ""],
  ];
}

/** nginx.tmpl, the headers from X-Real-IP to X-Scheme. */
function trustedLines(request: RequestFacts, chain: ForwardedChain): readonly HeaderLine[] {
  const { remoteAddress, claims } = request;
  const lines: HeaderLine[] = [
    ["X-Real-IP", remoteAddress],
    ["X-Forwarded-For", forwardedFor(request, chain)],
  ];
  if (claims?.host !== undefined) lines.push(["Host", claims.host], ["X-Forwarded-Host", claims.host]);
  if (claims?.port !== undefined) lines.push(["X-Forwarded-Port", claims.port]);
  if (claims?.scheme !== undefined)
    for (const name of ["X-Forwarded-Proto", "X-Forwarded-Scheme", "X-Scheme"])
      lines.push([name, claims.scheme]);
  return lines;
}

export function forwardedFor(request: RequestFacts, chain: ForwardedChain): string {
  const { remoteAddress, connectedFrom } = request;
  if (chain !== "whole" || connectedFrom === undefined) return remoteAddress;
  const before = request.header("x-forwarded-for");
  return before === undefined || before === "" ? connectedFrom : `${before}, ${connectedFrom}`;
}
