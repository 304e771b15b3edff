import type { IngressBackend, IngressPath, IngressRule, IngressTls, PathType } from "../../model/resource.ts";
import { goQuote } from "../../request/go-text.ts";
import { child, stringAt, type YamlNode } from "../../yaml/node.ts";
import { dns1123Subdomain, isIpAddress, wildcardSubdomain } from "../names.ts";
import { add, indexed, type Report } from "../report.ts";
import { checkBackend, type ReadBackend } from "./backend.ts";

export interface Dialect {
  readonly readBackend: ReadBackend;
  /** default `pathType`; `undefined`: required. */
  readonly pathType: PathType | undefined;
}

const PATH_TYPES: readonly PathType[] = ["Exact", "ImplementationSpecific", "Prefix"];
const FORBIDDEN = ["//", "/./", "/../", "%2f", "%2F"];
const FORBIDDEN_ENDS = ["/..", "/."];

/** The faults of a rule's host. A faulty host is never served. */
function checkHost(host: string): readonly string[] {
  const address = isIpAddress(host) ? ["must be a DNS name, not an IP address"] : [];
  return [...address, ...(host.includes("*") ? wildcardSubdomain(host) : dns1123Subdomain(host))];
}

/**
 * The rules of an Ingress, checked as by the API server (validateIngressRules). Bad hosts and bad paths are
 * left out, and rules without any path left.
 */
export function readRules(report: Report, spec: YamlNode | undefined, dialect: Dialect): IngressRule[] {
  const rules = indexed(spec, "rules", "spec").flatMap(([node, field]) => {
    const host = stringAt(node, "host") ?? "";
    const wrong = host === "" ? [] : checkHost(host);
    for (const fault of wrong) {
      const message = `${field}.host: Invalid value: ${goQuote(host)}: ${fault}`;
      add(report, { code: "invalid-host", level: "error", field: `${field}.host`, message, effect: "part" });
    }
    if (wrong.length === 0) warnOfLongLabel(report, host, `${field}.host`);
    const http = child(node, "http");
    if (http === undefined) return wrong.length === 0 ? [{ host, field }] : [];
    const paths = readPaths(report, http, `${field}.http`, dialect);
    return wrong.length === 0 && paths.length > 0 ? [{ host, field, paths }] : [];
  });
  return fitted(rules);
}

/** A copy without room for more, which V8 leaves in a list that grew. */
function fitted<T>(list: readonly T[]): T[] {
  return list.slice();
}

/** The API server checks only the whole name's length; RFC 1035 section 2.3.4 limits each label. */
function warnOfLongLabel(report: Report, host: string, field: string): void {
  const long = host.split(".").find((label) => label.length > 63);
  if (long === undefined) return;
  const message = `${field}: the label ${goQuote(long)} is longer than 63 bytes: the API server takes it, no resolver will`;
  add(report, { code: "unresolvable-host", level: "warning", field, message, effect: "none" });
}

function readPaths(report: Report, http: YamlNode, field: string, dialect: Dialect): IngressPath[] {
  const nodes = indexed(http, "paths", field);
  if (nodes.length === 0) {
    const message = `${field}.paths: Required value`;
    add(report, { code: "invalid-path", level: "error", field: `${field}.paths`, message, effect: "part" });
  }
  const paths = nodes.flatMap(([node, at]) => {
    const before = report.problems.length;
    const pathType = readPathType(report, node, at, dialect);
    if (pathType === "missing") return [];
    const path = stringAt(node, "path") ?? "";
    for (const [value, fault] of pathFaults(path, pathType)) {
      const message = `${at}.path: Invalid value: ${goQuote(value)}: ${fault}`;
      add(report, { code: "invalid-path", level: "error", field: `${at}.path`, message, effect: "part" });
    }
    const backend = checkBackend(
      report,
      dialect.readBackend(child(node, "backend")),
      `${at}.backend`,
      "part",
    );
    if (report.problems.length > before || backend === undefined || pathType === "unsupported") return [];
    return [new WrittenPath(path, pathType, backend, at, node.line - report.at.node.line)];
  });
  return fitted(paths);
}

/** Its line is no field of the object, so that it is one by what is written. */
class WrittenPath implements IngressPath {
  readonly path: string;
  readonly pathType: PathType;
  readonly backend: IngressBackend;
  readonly field: string;
  readonly #lineBelow: number;

  constructor(path: string, pathType: PathType, backend: IngressBackend, field: string, lineBelow: number) {
    this.path = path;
    this.pathType = pathType;
    this.backend = backend;
    this.field = field;
    this.#lineBelow = lineBelow;
  }

  get lineBelow(): number {
    return this.#lineBelow;
  }
}

function readPathType(
  report: Report,
  node: YamlNode,
  at: string,
  dialect: Dialect,
): PathType | "missing" | "unsupported" {
  const field = `${at}.pathType`;
  const written = stringAt(node, "pathType");
  if (written === undefined) {
    if (dialect.pathType !== undefined) return dialect.pathType;
    const message = `${field}: Required value: pathType must be specified`;
    add(report, { code: "missing-path-type", level: "error", field, message, effect: "part" });
    return "missing";
  }
  const known = PATH_TYPES.find((type) => type === written);
  if (known !== undefined) return known;
  const values = PATH_TYPES.map(goQuote).join(", ");
  const message = `${field}: Unsupported value: ${goQuote(written)}: supported values: ${values}`;
  add(report, { code: "invalid-path-type", level: "error", field, message, effect: "part" });
  return "unsupported";
}

/** Pairs of value and message (validateHTTPIngressPath). */
function pathFaults(
  path: string,
  pathType: PathType | "unsupported",
): readonly (readonly [string, string])[] {
  if (pathType === "unsupported") return [];
  const strict = pathType !== "ImplementationSpecific";
  if (path === "" && !strict) return [];
  const faults = path.startsWith("/") ? [] : ["must be an absolute path"];
  if (strict && path !== "") {
    for (const part of FORBIDDEN) if (path.includes(part)) faults.push(`must not contain '${part}'`);
    for (const end of FORBIDDEN_ENDS) if (path.endsWith(end)) faults.push(`cannot end with '${end}'`);
  }
  return faults.map((fault) => [path, fault] as const);
}

/**
 * The `tls` of an Ingress (validateIngressTLS). Bad hosts are left out, and entries with a bad Secret name.
 */
export function readIngressTls(report: Report, spec: YamlNode | undefined): IngressTls[] {
  return indexed(spec, "tls", "spec").flatMap(([node, field]) => {
    const hosts = readTlsHosts(report, node, field);
    const secretName = stringAt(node, "secretName") ?? "";
    const wrong = secretName === "" ? [] : dns1123Subdomain(secretName);
    for (const fault of wrong) {
      const message = `${field}.secretName: Invalid value: ${goQuote(secretName)}: ${fault}`;
      add(report, {
        code: "invalid-tls",
        level: "error",
        field: `${field}.secretName`,
        message,
        effect: "part",
      });
    }
    if (wrong.length > 0) return [];
    return [secretName === "" ? { hosts, field } : { hosts, secretName, field }];
  });
}

function readTlsHosts(report: Report, node: YamlNode, field: string): string[] {
  return indexed(node, "hosts", field).flatMap(([item, at]) => {
    const host = item.kind === "scalar" && typeof item.value === "string" ? item.value : "";
    const wrong = host.includes("*") ? wildcardSubdomain(host) : dns1123Subdomain(host);
    for (const fault of wrong) {
      const message = `${at}: Invalid value: ${goQuote(host)}: ${fault}`;
      add(report, { code: "invalid-tls", level: "error", field: at, message, effect: "part" });
    }
    return wrong.length === 0 ? [host] : [];
  });
}
