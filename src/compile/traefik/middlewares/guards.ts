import { createHash } from "node:crypto";
import { type Json, jsonFields, jsonNumber, jsonString, jsonStrings } from "../../../model/json.ts";
import { reason } from "../../../model/reason.ts";
import type { Secret } from "../../../model/resource.ts";
import type { StandIns } from "../../../model/stand-ins.ts";
import { goPhrase } from "../../../plane/traefik/phrase.ts";
import { textAsBytes } from "../../../request/utf8.ts";
import type { GuardStep } from "../../../step/guard.ts";
import { USUAL_REALM } from "../facts.ts";
import { Lost } from "../lost.ts";
import { patienceOf } from "../patience.ts";
import { readRanges } from "../services/addresses.ts";
import type { Build, Building } from "./building.ts";
import { durationMs } from "./duration.ts";

/** pkg/middlewares/auth/basic_auth.go */
export const buildBasicAuth: Build = (building) => {
  const { by } = building;
  const fields = jsonFields(building.spec);
  const { standIn, lines } = credentialsOf(building);
  if (lines instanceof Lost) return lines;
  const users = new Map<string, string>();
  if (standIn?.user !== undefined) users.set(standIn.user.name, `{SHA}${sha1Of(standIn.user.password)}`);
  for (const line of lines) {
    const [user, hash, more] = line.split(":");
    if (user === undefined || hash === undefined || more !== undefined) return badLine();
    users.set(textAsBytes(user), textAsBytes(hash));
  }
  const step: GuardStep = {
    kind: "guard",
    authorization: fields.removeHeader === true ? "removed" : "passed",
    guard: {
      kind: "basic-auth",
      realm: jsonString(fields.realm) || USUAL_REALM,
      users,
      standsInFor: standIn?.secret,
      userHeader: jsonString(fields.headerField) || undefined,
      why: reason("basic-auth", `${by} asks for a user name and a password`),
    },
  };
  return { steps: [step] };
};

/** pkg/middlewares/auth/digest_auth.go */
export const buildDigestAuth: Build = (building) => {
  const { by } = building;
  const fields = jsonFields(building.spec);
  const { standIn, lines } = credentialsOf(building);
  if (lines instanceof Lost) return lines;
  const realm = jsonString(fields.realm) || USUAL_REALM;
  const users = new Map<string, string>();
  if (standIn?.user !== undefined) {
    const { name, password } = standIn.user;
    users.set(name, createHash("md5").update(`${name}:${realm}:${password}`).digest("hex"));
  }
  for (const line of lines) {
    const [user, of, hash, more] = line.split(":");
    if (user === undefined || of === undefined || hash === undefined || more !== undefined) return badLine();
    if (of === realm) users.set(textAsBytes(user), hash);
  }
  const step: GuardStep = {
    kind: "guard",
    authorization: fields.removeHeader === true ? "removed" : "passed",
    guard: {
      kind: "digest-auth",
      challenge: "go-http-auth",
      realm,
      users,
      standsInFor: standIn?.secret,
      why: reason("digest-auth", `${by} asks for a password`),
    },
  };
  return { steps: [step] };
};

function badLine(): Lost {
  return new Lost(
    "a line of its Secret has not the form of htpasswd",
    "Write a line for each user: htpasswd -nb USER PASSWORD.",
  );
}

interface Credentials {
  readonly lines: readonly string[] | Lost;
  /** A user in place of those of a Secret that the cluster may have; without one nobody comes in. */
  readonly standIn?: { readonly secret: string; readonly user: StandIns["user"] } | undefined;
}

function credentialsOf({ spec, middleware, objects }: Building): Credentials {
  const { namespace } = middleware.metadata;
  const name = jsonString(jsonFields(spec).secret) ?? "";
  const secret = objects.secret(namespace, name);
  if (secret !== undefined) return { lines: linesOf(secret) };
  if (name !== "" && objects.standIns !== undefined)
    return { lines: [], standIn: { secret: `${namespace}/${name}`, user: objects.standIns.user } };
  return {
    lines: new Lost(`there is no Secret ${namespace}/${name}`, "Add the Secret, or correct its name."),
  };
}

const sha1Of = (text: string): string => createHash("sha1").update(text).digest("base64");

/** Lines of the Secret: of its only key, or of user name and password. */
function linesOf(secret: Secret): readonly string[] | Lost {
  const { namespace, name } = secret.metadata;
  if (secret.type === "kubernetes.io/basic-auth") return passwordOf(secret);
  const [only, ...others] = [...secret.data.values()];
  if (only === undefined || others.length > 0)
    return new Lost(
      `Secret ${namespace}/${name} has not exactly one key`,
      "Give it one key with the lines of htpasswd.",
    );
  const lines = only
    .toString("utf8")
    .split("\n")
    .map((line) => line.replace(/\r$/, ""))
    .filter((line) => line !== "");
  return lines.length === 0
    ? new Lost(`Secret ${namespace}/${name} has no line`, "Write a line for each user.")
    : lines;
}

function passwordOf({ data, metadata }: Secret): readonly string[] | Lost {
  const [user, password] = [data.get("username"), data.get("password")];
  if (user === undefined || password === undefined)
    return new Lost(
      `Secret ${metadata.namespace}/${metadata.name} lacks username or password`,
      "Give it both keys.",
    );
  return [`${user.toString("utf8")}:{SHA}${createHash("sha1").update(password).digest("base64")}`];
}

/** pkg/middlewares/ipallowlist */
export const buildIpAllowList: Build = ({ spec, by }) => {
  const fields = jsonFields(spec);
  const ranges = jsonStrings(fields.sourceRange);
  if (ranges.length === 0) return new Lost("sourceRange is empty", "Write the addresses that are let in.");
  const allow = readRanges(ranges);
  if (allow instanceof Lost) return allow;
  const status = jsonNumber(fields.rejectStatusCode) || 403;
  const isKnown = !goPhrase(status).startsWith("status code");
  if (!isKnown) return new Lost(`rejectStatusCode ${status} is no status of HTTP`, "Write a status of HTTP.");
  const strategy = jsonFields(fields.ipStrategy);
  const excluded = jsonStrings(strategy.excludedIPs);
  const excludes = excluded.length === 0 ? undefined : readRanges(excluded);
  if (excludes instanceof Lost) return excludes;
  const depth = jsonNumber(strategy.depth) ?? 0;
  const step: GuardStep = {
    kind: "guard",
    client: depth > 0 ? { depth } : excludes && { excludes },
    guard: {
      kind: "addresses",
      allow,
      refusal: { status, text: goPhrase(status) },
      why: reason("addresses", `${by} lets in ${ranges.join(", ")} alone`),
    },
  };
  return { steps: [step] };
};

/** pkg/middlewares/inflightreq */
export const buildInFlightReq: Build = ({ spec, by, scope }) => {
  const fields = jsonFields(spec);
  const amount = jsonNumber(fields.amount) ?? 0;
  if (amount < 0) return new Lost(`amount is ${amount}`, "Write how many requests may be in progress.");
  const why = reason("connection-limit", `${by} lets in ${amount} requests at once`);
  const text = `max connections reached: ${amount}`;
  if (amount === 0) return { steps: [{ kind: "answer", status: 429, text, why: [why] }] };
  const step: GuardStep = {
    kind: "guard",
    client: sourceOf(fields.sourceCriterion) ?? { header: "host" },
    guard: {
      kind: "limits",
      apart: "entry points",
      rates: [],
      connections: { zone: `${by} ${scope}`, atOnce: amount },
      status: { rate: 429, connections: 429 },
      text,
      why,
    },
  };
  return { steps: [step] };
};

/** pkg/middlewares/ratelimiter */
export const buildRateLimit: Build = ({ spec, by, scope }) => {
  const fields = jsonFields(spec);
  const average = jsonNumber(fields.average) ?? 0;
  const period = fields.period === undefined ? 1_000 : durationMs(fields.period);
  if (period === undefined || period < 0) return new Lost("its period is no time", "Write a time: 1m.");
  if (average <= 0) return {};
  const burst = Math.max(1, jsonNumber(fields.burst) ?? 1);
  const perSecond = (average * 1_000) / ((period || 1_000) / 1_000);
  const step: GuardStep = {
    kind: "guard",
    client: sourceOf(fields.sourceCriterion),
    guard: {
      kind: "limits",
      apart: "entry points",
      rates: [
        {
          zone: `${by} ${scope}`,
          annotation: by,
          perSecond,
          burst: burst - 1,
          patience: patienceOf(perSecond),
        },
      ],
      status: { rate: 429, connections: 429 },
      retryAfter: "told",
      why: reason(
        "limits",
        `${by} lets in ${average} requests in ${(period || 1_000) / 1_000} s, ${burst} at once`,
      ),
    },
  };
  return { steps: [step] };
};

/** `sourceCriterion`; default: the address */
function sourceOf(value: Json | undefined): GuardStep["client"] {
  const fields = jsonFields(value);
  const header = jsonString(fields.requestHeaderName);
  if (header) return { header: header.toLowerCase() };
  if (fields.requestHost === true) return { header: "host" };
  const strategy = jsonFields(fields.ipStrategy);
  const depth = jsonNumber(strategy.depth) ?? 0;
  if (depth > 0) return { depth };
  const excluded = jsonStrings(strategy.excludedIPs);
  const excludes = excluded.length === 0 ? undefined : readRanges(excluded);
  return excludes === undefined || excludes instanceof Lost ? undefined : { excludes };
}

export { buildForwardAuth } from "./forward-auth.ts";
