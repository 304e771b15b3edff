import { closest } from "../../closest.ts";
import type { OptionKey, Settings } from "../options.ts";
import { longName, OPTION_KEYS, OPTIONS, variableOf } from "../options.ts";
import type { FileValues } from "./config-file.ts";
import { readConfigFile } from "./config-file.ts";
import type { OptionPlace } from "./values.ts";

/** The flags of one call as commander gives them, by attribute name (`httpPort`; `hosts: false` for `--no-hosts`). */
export type Flags = Readonly<Record<string, unknown>>;

/** Settings, and where the manifests among them were named. */
export interface Config {
  readonly settings: Settings;
  /** `undefined` where nobody named any; `"the command line"`, a variable or a line of `ingress-dev.yaml` else. */
  readonly manifestsFrom: OptionPlace | undefined;
  /** Variables that look like ours and are not: each a sentence. */
  readonly warnings: readonly string[];
}

interface Given {
  readonly raw: unknown;
  readonly place: OptionPlace;
}

/** What the command line says about an option. A `--no-x` is there when commander's `x` is false. */
function fromFlags(key: OptionKey, flags: Flags): Given | undefined {
  const name = longName(key);
  const negated = name.startsWith("no-");
  const raw = negated ? (flags[name.slice(3)] === false ? true : undefined) : flags[key];
  return raw === undefined ? undefined : { raw, place: `--${name}` };
}

/** What the environment says about an option. An empty variable is as good as none; lists have commas between. */
function fromEnvironment(
  key: OptionKey,
  env: Readonly<Record<string, string | undefined>>,
): Given | undefined {
  const place = variableOf(key);
  const raw = env[place];
  if (raw === undefined || raw === "") return undefined;
  const isList = OPTIONS[key].repeatable !== undefined;
  return { raw: isList ? raw.split(",").filter((part) => part !== "") : raw, place };
}

/** Variables that start as ours do and mean nothing: a misspelt one must not be ignored in silence. */
function unknownVariables(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const known = OPTION_KEYS.map(variableOf);
  return Object.keys(env)
    .filter((name) => name.startsWith("INGRESS_DEV_") && !known.includes(name))
    .map((name) => {
      const meant = closest(name, known);
      return `${name} is no variable of ingress-dev.${meant === undefined ? "" : ` Did you mean ${meant}?`}`;
    });
}

/** Everything that was said about an option, what counts most first. */
function givenFor(
  key: OptionKey,
  flags: Flags,
  env: Readonly<Record<string, string | undefined>>,
  file: FileValues,
): readonly Given[] {
  return [fromFlags(key, flags), fromEnvironment(key, env), file.get(key)].filter(
    (given) => given !== undefined,
  );
}

/**
 * Settles every option: flag beats variable (`INGRESS_DEV_…`) beats `ingress-dev.yaml` beats default. Only `map`
 * adds up, so that a flag can redirect one Service more.
 *
 * Throws `UserError` for a bad value, with the place that it came from.
 */
export async function readConfig(
  flags: Flags,
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): Promise<Config> {
  const file = await readConfigFile(folder);
  const settle = <Key extends OptionKey>(key: Key): Settings[Key] => {
    const given = givenFor(key, flags, env, file)[0];
    return given === undefined ? OPTIONS[key].fallback : OPTIONS[key].read(given.raw, given.place);
  };
  const settings: Settings = {
    filename: settle("filename"),
    httpPort: settle("httpPort"),
    httpsPort: settle("httpsPort"),
    bind: settle("bind"),
    map: givenFor("map", flags, env, file).flatMap(({ raw, place }) => OPTIONS.map.read(raw, place)),
    context: settle("context"),
    kubeconfig: settle("kubeconfig"),
    namespace: settle("namespace"),
    allNamespaces: settle("allNamespaces"),
    controller: settle("controller"),
    ingressClass: settle("ingressClass"),
    controllerClass: settle("controllerClass"),
    configmap: settle("configmap"),
    defaultBackendService: settle("defaultBackendService"),
    defaultSslCertificate: settle("defaultSslCertificate"),
    disableCatchAll: settle("disableCatchAll"),
    disableSvcExternalName: settle("disableSvcExternalName"),
    enableSslPassthrough: settle("enableSslPassthrough"),
    hostsFile: settle("hostsFile"),
    noHosts: settle("noHosts"),
    certsDir: settle("certsDir"),
    clientAddress: settle("clientAddress"),
    noEcho: settle("noEcho"),
    exact: settle("exact"),
    output: settle("output"),
  };
  return {
    settings,
    manifestsFrom: givenFor("filename", flags, env, file)[0]?.place,
    warnings: unknownVariables(env),
  };
}
