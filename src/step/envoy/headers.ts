import type { HeaderLine } from "../../model/decision.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";
import { type EnvoyText, fillEnvoyText } from "./text.ts";

/** One change of a header. */
export interface EnvoyHeader {
  readonly name: string;
  /** An empty one changes nothing (`keep_empty_value`). default: the header is removed */
  readonly value?: EnvoyText | undefined;
  /** default: equal names are replaced */
  readonly place?: "beside" | undefined;
}

/** Changes headers of requests and of backends' answers (`request_headers_to_add` and similar). */
export interface EnvoyHeadersStep {
  readonly kind: "envoy-headers";
  readonly request?: readonly EnvoyHeader[] | undefined;
  readonly response?: readonly EnvoyHeader[] | undefined;
  /** The Host before a change is not told (a cluster's own). default: in `x-envoy-original-host` */
  readonly originalHost?: "untold" | undefined;
}

export function changeEnvoyHeaders(
  at: Arrival,
  { request = [], response = [], originalHost }: EnvoyHeadersStep,
): Change {
  const set = linesOf(
    request.filter(({ place }) => place === undefined),
    at,
  );
  const beside = linesOf(
    request.filter(({ place }) => place === "beside"),
    at,
  );
  const host = originalHost === undefined && set.some(([name]) => name.toLowerCase() === "host");
  const original: HeaderLine = ["x-envoy-original-host", at.request.authority ?? at.request.host];
  return {
    requestHeaders: host ? [...set, original] : set,
    beside: beside.length === 0 ? undefined : beside,
    ...responseChange(response, at),
  };
}

function responseChange(
  response: readonly EnvoyHeader[],
  at: Arrival,
): Pick<Change, "responseHeaders" | "responseRewrites"> {
  if (response.length === 0) return {};
  const [set, beside] = [
    response.filter(({ place }) => place === undefined),
    response.filter(({ place }) => place === "beside"),
  ];
  return {
    responseHeaders: set.length === 0 ? undefined : linesOf(set, at),
    responseRewrites: beside.length === 0 ? undefined : { beside: linesOf(beside, at) },
  };
}

function linesOf(headers: readonly EnvoyHeader[], at: Arrival): readonly HeaderLine[] {
  return headers.flatMap(({ name, value }): readonly HeaderLine[] => {
    if (value === undefined) return [[name, ""]];
    const filled = fillEnvoyText(value, at).replace(/[\x00-\x1f\x7f]/g, "");
    return filled === "" ? [] : [[name, filled]];
  });
}
