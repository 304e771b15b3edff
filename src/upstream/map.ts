import { UserError } from "../errors.ts";
import { parseTarget, portNumber } from "./target.ts";

/** One `--map` or entry of `services:`: a Service whose traffic goes to an address of the user's choice. */
export interface ServiceMap {
  /** default: every namespace */
  readonly namespace?: string;
  readonly service: string;
  /** Number or name as in the Service or the Ingress. default: every port */
  readonly port?: number | string;
  readonly target: {
    readonly protocol: "http" | "https";
    /** Without brackets: `::1`. A bare PORT is `localhost`, so that both 127.0.0.1 and ::1 are tried. */
    readonly host: string;
    readonly port: number;
    /** Without a trailing slash; `""`: none. */
    readonly basePath: string;
    /** The target is a URL, so `backend-protocol` does not choose the scheme. */
    readonly schemeNamed?: boolean;
    /** The address as shown. default: `host:port`; for a bare PORT `127.0.0.1:PORT` */
    readonly shownAs?: string;
  };
  /** As the user wrote it. */
  readonly text: string;
}

const FORM = "[NAMESPACE/]SERVICE[:PORT]=TARGET";
const RIGHT = "--map web=3000, --map shop/web:80=127.0.0.1:3000 or --map web=http://localhost:5173/base";

/** RFC 1123 label: Kubernetes demands it of a namespace (and, since 1.34, of a Service). */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** IANA service name with at least one letter: Kubernetes demands it of a port's name (RFC 6335 section 5.1). */
const PORT_NAME = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Reads one `--map`: `[NAMESPACE/]SERVICE[:PORT]=TARGET`; TARGET is `PORT`, `HOST:PORT`, `[::1]:PORT` or a URL.
 *
 * @throws UserError `bad-map`
 */
export function parseMap(text: string): ServiceMap {
  const at = text.indexOf("=");
  if (at < 0) throw badMap(text, `has no "=": ${FORM}`);
  return mapOf(text, text.slice(0, at), text.slice(at + 1));
}

function mapOf(text: string, left: string, right: string): ServiceMap {
  const wrong = (what: string) => badMap(text, what);
  const parts = /^(?:([^/:]*)\/)?([^/:]*)(?::([^/:]*))?$/.exec(left);
  if (parts === null) throw wrong(`has ${JSON.stringify(left)} where [NAMESPACE/]SERVICE[:PORT] belongs`);
  const [, namespace, service = "", portText] = parts;
  if (service === "") throw wrong(`names no Service: ${FORM}`);
  if (!LABEL.test(service)) throw wrong(`has ${JSON.stringify(service)}, which is not the name of a Service`);
  if (namespace !== undefined && !LABEL.test(namespace)) {
    throw wrong(`has ${JSON.stringify(namespace)}, which is not the name of a namespace`);
  }
  const port = portText === undefined ? undefined : servicePort(portText);
  if (portText !== undefined && port === undefined) {
    throw wrong(`has ${JSON.stringify(portText)}, which is neither a port from 1 to 65535 nor a port's name`);
  }
  const target = parseTarget(right);
  if (typeof target === "string") throw wrong(`has a target that ${target}`);
  return {
    ...(namespace === undefined ? {} : { namespace }),
    service,
    ...(port === undefined ? {} : { port }),
    target,
    text,
  };
}

function servicePort(text: string): number | string | undefined {
  return portNumber(text) ?? (PORT_NAME.test(text) ? text : undefined);
}

function badMap(text: string, what: string): UserError {
  return new UserError("bad-map", `--map ${text} ${what}`, `Write for example ${RIGHT}.`);
}
