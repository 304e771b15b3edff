import type { KnownOutcome } from "../../har/known-outcome.ts";
import type { RecordedRequest } from "../../har/recorded.ts";
import type { Decision } from "../../model/decision.ts";
import { textsOf } from "../../model/reason.ts";
import { bytesAsText } from "../../request/utf8.ts";
import { backendInWords } from "../explain/route-in-words.ts";
import type { ReadLocation } from "./location.ts";

/** What became of a request, as far as it is known. */
export interface Said {
  readonly status?: number | undefined;
  /** As `ReadLocation` gives it. */
  readonly location?: string | undefined;
  /** The Service that answered, or is asked: `default/web:80`. */
  readonly service?: string | undefined;
  /** Path and query as it receives them. */
  readonly path?: string | undefined;
  /** What failed. */
  readonly error?: string | undefined;
  /** Most important first. */
  readonly why: readonly string[];
}

/** By a prediction. A Service's status is its own, so it is not known. */
export function saidByDecision(decision: Decision, request: RecordedRequest, read: ReadLocation): Said {
  const why = textsOf(decision.why);
  switch (decision.kind) {
    case "forward":
      return { service: backendInWords(decision.backend), path: decision.upstreamPath, why };
    case "redirect":
      return { status: decision.status, location: read(decision.location, request), why };
    case "respond":
      return { status: decision.status, why };
  }
}

/** The fields of the echo service's answer that say who answered. */
export interface Echo {
  readonly service: string;
  readonly path: string;
}

/** The echo service's JSON; `undefined` for whatever is none. */
export function echoIn(text: string | undefined): Echo | undefined {
  if (text === undefined || !text.startsWith('{"namespace":')) return undefined;
  try {
    const { namespace, service, port, path, query } = JSON.parse(text);
    if (typeof path !== "string" || typeof service !== "string") return undefined;
    return { service: `${namespace}/${service}:${port}`, path: query === "" ? path : `${path}?${query}` };
  } catch {
    return undefined;
  }
}

/** By the recording. */
export function saidByRecording(request: RecordedRequest, read: ReadLocation): Said {
  const { answer, known } = request;
  const echo = echoIn(answer?.text);
  return {
    status: answer?.status,
    location: answer?.location === undefined ? undefined : read(answer.location, request),
    service: known?.decision === "forward" ? serviceOf(known) : echo?.service,
    path: known?.upstreamPath ?? echo?.path,
    error: known?.error,
    why: known?.why ?? [],
  };
}

function serviceOf({ backend }: KnownOutcome): string | undefined {
  return backend && `${backend.namespace}/${backend.service}:${backend.port}`;
}

/** `308 https://a.test/`, `200 from default/web:80 /path`. */
export function saidInWords({ status, location, service, path, error }: Said): string {
  const from =
    service === undefined ? [] : [status === undefined ? "" : "from", service, path && bytesAsText(path)];
  const said = [
    status === undefined || status === 0 ? undefined : String(status),
    location && bytesAsText(location),
    ...from,
    status === undefined && service === undefined ? error : undefined,
  ];
  const words = said.filter((part) => part !== undefined && part !== "").join(" ");
  return words === "" ? (error ?? "no answer") : words;
}
