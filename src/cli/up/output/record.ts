import { resolve } from "node:path";
import { CODES } from "../../../errors.ts";
import type { KnownOutcome } from "../../../har/known-outcome.ts";
import type { SecretValues } from "../../../har/mask.ts";
import { harBeginning, harEntry } from "../../../har/write-har.ts";
import type { Decision, Ports, RequestFacts } from "../../../model/decision.ts";
import type { HitEvent, Listener } from "../../../model/event.ts";
import type { Problem } from "../../../model/problem.ts";
import { textsOf } from "../../../model/reason.ts";
import type { Recording } from "../../../proxy/exchange/recording.ts";
import { headerOf } from "../../../request/header-of.ts";
import type { Settings } from "../../options.ts";
import { decodedBody } from "../../recorded/decoded-body.ts";
import type { Surroundings } from "../../surroundings.ts";
import { openHarFile } from "./record/har-file.ts";

/** Writes what passes between clients and the proxy into a HAR file. */
export interface Recorder {
  /** Once the listeners are open. */
  readonly begin: (listeners: { readonly http: Listener; readonly https: Listener }) => void;
  /** Writes the entry of a request once nothing more passes. */
  readonly keep: (
    hit: HitEvent,
    facts: RequestFacts,
    decision: Decision | undefined,
    recording: Recording,
  ) => void;
  readonly close: () => Promise<void>;
  /** After `close`, if `up` did not start: leaves no file. */
  readonly discard: () => Promise<void>;
}

/** @throws UserError for a file that exists, or cannot be written */
export async function openRecorder(
  settings: Pick<Settings, "record" | "recordSecrets">,
  { cwd, version }: Pick<Surroundings, "cwd" | "version">,
  tell: (problems: readonly Problem[]) => void,
): Promise<Recorder | undefined> {
  const { record: name } = settings;
  if (name === undefined) return undefined;
  const secrets: SecretValues = settings.recordSecrets ? "written" : "masked";
  const about = aboutRecording(name, secrets);
  const file = await openHarFile(resolve(cwd, name), {
    onStopped: (why) =>
      tell([problem("record-stopped", "warning", `Recording to ${name} has ended: ${why}.`)]),
    onBehind: (count) => tell([about, behind(name, count)]),
  });
  tell([about]);
  let listeners: { readonly http: Listener; readonly https: Listener } | undefined;
  return {
    begin(opened) {
      listeners = opened;
      const ports: Ports = { http: opened.http.port, https: opened.https.port };
      file.begin(harBeginning(version, ports, COMMENTS[secrets]));
    },
    keep(hit, facts, decision, recording) {
      recording.whenOver(() => {
        if (listeners === undefined) return;
        const server = listeners[hit.scheme];
        file.add(() => harEntry(exchangeOf(hit, facts, decision, recording, server), secrets));
      });
    },
    close: file.close,
    discard: file.discard,
  };
}

const COMMENTS: Readonly<Record<SecretValues, string>> = {
  masked:
    "Values of cookies and of Authorization are masked. Paths, queries, other headers and bodies are as sent.",
  written: "With cookies and credentials as sent: whoever reads this can use them.",
};

function aboutRecording(name: string, secrets: SecretValues): Problem {
  return secrets === "masked"
    ? problem("recording", "notice", `Requests are recorded to ${name}; cookies and credentials are masked.`)
    : problem(
        "recording",
        "warning",
        `Requests are recorded to ${name}, with cookies and credentials as sent.`,
      );
}

function behind(name: string, count: number): Problem {
  const requests = count === 1 ? "1 request is" : `${count} requests are`;
  const message = `${requests} left out of ${name}: the disk is too slow.`;
  return problem("record-behind", "warning", message);
}

function problem(
  code: "recording" | "record-stopped" | "record-behind",
  level: Problem["level"],
  message: string,
): Problem {
  return { code, level, message, fix: CODES[code] };
}

function exchangeOf(
  hit: HitEvent,
  facts: RequestFacts,
  decision: Decision | undefined,
  recording: Recording,
  server: Listener,
): Parameters<typeof harEntry>[0] {
  const { line, headers, responseBody, requestBody, headAt, startedAt } = recording;
  const body = responseBody.bytes;
  const isWhole = body.length === responseBody.size;
  const announced = Number(headerOf(recording.requestHeaders, "content-length") ?? 0) || 0;
  return {
    startedAt: hit.time,
    durationMs: hit.durationMs,
    waitMs: headAt === undefined ? hit.durationMs : headAt - startedAt,
    method: hit.method,
    scheme: hit.scheme,
    host: hit.host,
    target: hit.path,
    version: facts.version ?? "1.1",
    requestHeaders: recording.requestHeaders,
    requestBody: { bytes: requestBody.bytes, size: Math.max(requestBody.size, announced) },
    status: line === "" ? 0 : hit.status,
    statusText: line.replace(/^\d+ ?/, ""),
    responseHeaders: headers,
    responseBody: { bytes: body, size: responseBody.size },
    decoded: isWhole ? decodedBody(body, headerOf(headers, "content-encoding")) : undefined,
    server,
    known: knownOf(hit, facts, decision),
  };
}

function knownOf(hit: HitEvent, facts: RequestFacts, decision: Decision | undefined): KnownOutcome {
  const { id, ingress, rule, backend, upstream, upstreamPath, why, error } = hit;
  const isMalformed = decision?.kind === "respond" && decision.madeBy === "head";
  return {
    ...{ id, decision: hit.decision, ingress, rule, backend, upstream, upstreamPath },
    ...{ why: textsOf(why), error },
    client: facts.remoteAddress,
    malformed: isMalformed || undefined,
  };
}
