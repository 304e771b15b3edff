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
const RIGHT_KEY = 'services: { web: 3000, "shop/web:80": "127.0.0.1:3000", api: http://localhost:5173/base }';

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
  if (at < 0) throw badMap(`--map ${text}`, `has no "=": ${FORM}`, `Write for example ${RIGHT}.`);
  return mapOf(text.slice(0, at), text.slice(at + 1), {
    text,
    place: `--map ${text}`,
    fix: `Write for example ${RIGHT}.`,
  });
}

/**
 * Reads the `services:` of `ingress-dev.yaml`: an object of `[NAMESPACE/]SERVICE[:PORT]` to a port, `HOST:PORT` or a
 * URL. `undefined` and `null`: no map.
 *
 * @throws UserError `bad-map`, naming the entry.
 */
export function parseServices(value: unknown): readonly ServiceMap[] {
  if (value === undefined || value === null) return [];
  const fix = `Write for example ${RIGHT_KEY}.`;
  if (typeof value !== "object" || Array.isArray(value)) {
    throw badMap("services", "is not an object of Services and their targets", fix);
  }
  const entries: Iterable<[unknown, unknown]> = value instanceof Map ? value : Object.entries(value);
  return [...entries].map(([key, target]) => {
    const text = `${String(key)}=${String(target)}`;
    const place = `services: ${JSON.stringify(String(key))}`;
    if (typeof target !== "string" && typeof target !== "number") {
      throw badMap(place, "has a target that is neither a port, HOST:PORT nor a URL", fix);
    }
    return mapOf(String(key), String(target), { text, place, fix });
  });
}

interface Entry {
  readonly text: string;
  /** For the message of an error. */
  readonly place: string;
  readonly fix: string;
}

function mapOf(left: string, right: string, entry: Entry): ServiceMap {
  const wrong = (what: string) => badMap(entry.place, what, entry.fix);
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
    text: entry.text,
  };
}

function servicePort(text: string): number | string | undefined {
  return portNumber(text) ?? (PORT_NAME.test(text) ? text : undefined);
}

function badMap(place: string, what: string, fix: string): UserError {
  return new UserError("bad-map", `${place} ${what}`, fix);
}
