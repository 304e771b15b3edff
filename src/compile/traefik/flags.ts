import { DEFAULT_ENTRY, type EntryOptions } from "../../plane/traefik/entry-options.ts";
import type { FlagValues } from "../command-line.ts";
import { Lost } from "./lost.ts";
import { readRanges } from "./services/addresses.ts";

/** An entry point with its options. */
export interface TraefikEntry {
  readonly name: string;
  /** Of the Service in front of it. */
  readonly port: number;
  /** `http.tls`: every router here has TLS. */
  readonly tls: boolean;
  /** `http.tls.options`, for routers without TLS of their own. */
  readonly tlsOptions: string | undefined;
  /** `asDefault` */
  readonly asDefault: boolean;
  readonly options: EntryOptions;
  /** `http.middlewares` */
  readonly middlewares: readonly string[];
  /** `http.encodedCharacters`: escapes that are refused, `2F`. */
  readonly refusedEscapes: readonly string[];
  /** `http.redirections.entryPoint` */
  readonly redirection?: Redirection | undefined;
}

interface Redirection {
  readonly to: string;
  readonly scheme: string;
  readonly permanent: boolean;
  readonly priority: bigint;
}

export interface TraefikFlags {
  readonly entries: readonly TraefikEntry[];
  /** `providers.precedence`, the first wins. */
  readonly precedence: readonly string[];
  /** `providers.kubernetesCRD.ingressClass` */
  readonly crdClass: string | undefined;
  readonly strictPrefix: boolean;
  readonly externalNames: { readonly ingress: boolean; readonly crd: boolean };
  readonly crossNamespace: boolean;
  /** `nativeLBByDefault` of each provider. */
  readonly nativeByDefault: { readonly ingress: boolean; readonly crd: boolean };
  readonly syntax: string | undefined;
}

/** What the Helm chart 41.3.0 renders from its own values, with the ports of its Service. */
const CHART: FlagValues = new Map([
  ["entrypoints.web.address", ":80"],
  ["entrypoints.websecure.address", ":443"],
  ["entrypoints.websecure.http.tls", "true"],
  ["entrypoints.metrics.address", ":9100"],
]);

/** The chart's Service has other ports than its pods. */
const SERVICE_PORTS: ReadonlyMap<number, number> = new Map([
  [8000, 80],
  [8443, 443],
]);

/** Flags over those of the chart. Whoever writes entry points writes all of them. */
export function traefikFlags(given: FlagValues): TraefikFlags {
  const isComplete = [...given.keys()].some((name) => ADDRESS.test(name));
  const values = isComplete ? given : new Map([...CHART, ...given]);
  const names = [...values.keys()].flatMap((name) => ADDRESS.exec(name)?.[1] ?? []);
  const is = (name: string) => isTrue(values.get(name));
  return {
    entries: names.map((name) => entryOf(name, values)),
    precedence: commaList(values.get("providers.precedence")),
    crdClass: values.get("providers.kubernetescrd.ingressclass") || undefined,
    strictPrefix: is("providers.kubernetesingress.strictprefixmatching"),
    externalNames: {
      ingress: is("providers.kubernetesingress.allowexternalnameservices"),
      crd: is("providers.kubernetescrd.allowexternalnameservices"),
    },
    nativeByDefault: {
      ingress: is("providers.kubernetesingress.nativelbbydefault"),
      crd: is("providers.kubernetescrd.nativelbbydefault"),
    },
    crossNamespace: is("providers.kubernetescrd.allowcrossnamespace"),
    syntax: values.get("core.defaultrulesyntax"),
  };
}

const ADDRESS = /^entrypoints\.([^.]+)\.address$/;

function entryOf(name: string, values: FlagValues): TraefikEntry {
  const of = (option: string) => values.get(`entrypoints.${name}.${option}`);
  const written = Number(/:(\d+)/.exec(of("address") ?? "")?.[1] ?? 0);
  const redirectTo = of("http.redirections.entrypoint.to");
  return {
    name,
    port: SERVICE_PORTS.get(written) ?? written,
    tls:
      isTrue(of("http.tls")) ||
      [...values.keys()].some((key) => key.startsWith(`entrypoints.${name}.http.tls.`)),
    tlsOptions: of("http.tls.options"),
    asDefault: isTrue(of("asdefault")),
    options: optionsOf(of),
    middlewares: commaList(of("http.middlewares")),
    refusedEscapes: ESCAPES.filter(([option]) => isFalse(of(`http.encodedcharacters.${option}`))).map(
      ([, hex]) => hex,
    ),
    redirection:
      redirectTo === undefined
        ? undefined
        : {
            to: redirectTo,
            scheme: of("http.redirections.entrypoint.scheme") ?? "https",
            permanent: !isFalse(of("http.redirections.entrypoint.permanent")),
            priority: flagInteger(of("http.redirections.entrypoint.priority") ?? "") ?? LAST_PRIORITY,
          },
  };
}

/** 2^63 - 2 */
const LAST_PRIORITY = 9_223_372_036_854_775_806n;

/** Options of `encodedCharacters`, with the escape of each. */
export const ESCAPES: readonly (readonly [option: string, hex: string])[] = [
  ["allowencodedslash", "2F"],
  ["allowencodedbackslash", "5C"],
  ["allowencodednullcharacter", "00"],
  ["allowencodedsemicolon", "3B"],
  ["allowencodedpercent", "25"],
  ["allowencodedquestionmark", "3F"],
  ["allowencodedhash", "23"],
];

function optionsOf(of: (option: string) => string | undefined): EntryOptions {
  const ranges = commaList(of("forwardedheaders.trustedips"));
  const addresses = ranges.length === 0 ? undefined : readRanges(ranges);
  const trusted = addresses instanceof Lost ? undefined : addresses;
  const strategy = of("http.underscoreheadersstrategy")?.toLowerCase();
  return {
    ...DEFAULT_ENTRY,
    dots: isFalse(of("http.sanitizepath")) ? "kept" : "resolved",
    underscores: strategy === "delete" ? "dropped" : strategy === "reject" ? "refused" : "passed",
    trusted: isTrue(of("forwardedheaders.insecure")) ? "everybody" : trusted,
    forwardedFor: isTrue(of("forwardedheaders.notappendxforwardedfor")) ? "left alone" : "appended",
    schemeHeaders: isTrue(of("forwardedheaders.addxforwardedschemeheaders")) ? "added" : "none",
  };
}

export function commaList(text: string | undefined): readonly string[] {
  return (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Go's strconv.ParseBool. */
export function flagBoolean(text: string): boolean | undefined {
  if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return true;
  return /^(?:0|f|F|FALSE|false|False)$/.test(text) ? false : undefined;
}

/** Go's strconv.ParseInt, in its own range. */
export function flagInteger(text: string): bigint | undefined {
  if (!/^[+-]?\d{1,19}$/.test(text)) return undefined;
  const number = BigInt(text.replace(/^\+/, ""));
  return number >= -(2n ** 63n) && number < 2n ** 63n ? number : undefined;
}

const isTrue = (text: string | undefined) => text !== undefined && flagBoolean(text) === true;
const isFalse = (text: string | undefined) => text !== undefined && flagBoolean(text) === false;
