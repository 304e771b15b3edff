import { closest } from "../../closest.ts";
import type { OptionKey, Settings } from "../options.ts";
import { longName, OPTION_KEYS, OPTIONS, variableOf } from "../options.ts";
import type { FileValues } from "./config-file.ts";
import { readConfigFile } from "./config-file.ts";
import type { OptionPlace } from "./values.ts";

/** Flags as commander gives them, by attribute (`httpPort`; `hosts: false` for `--no-hosts`). */
export type Flags = Readonly<Record<string, unknown>>;

export interface Config {
  readonly settings: Settings;
  /** `"the command line"`, a variable or a line of `ingress-dev.yaml`; `undefined` if nobody named any. */
  readonly manifestsFrom: OptionPlace | undefined;
  /** A sentence for each unknown variable with our prefix. */
  readonly warnings: readonly string[];
}

interface Given {
  readonly raw: unknown;
  readonly place: OptionPlace;
}

/** The flag's value. `--no-x` was given if commander's `x` is false. */
function fromFlags(key: OptionKey, flags: Flags): Given | undefined {
  const name = longName(key);
  const negated = name.startsWith("no-");
  const raw = negated ? (flags[name.slice(3)] === false ? true : undefined) : flags[key];
  return raw === undefined ? undefined : { raw, place: `--${name}` };
}

/** The variable's value. An empty one counts as absent; lists are comma-separated. */
function fromEnvironment(
  key: OptionKey,
  env: Readonly<Record<string, string | undefined>>,
): Given | undefined {
  const place = variableOf(key);
  const raw = env[place];
  if (raw === undefined || raw === "") return undefined;
  const isList = OPTIONS[key].repeatable !== undefined;
  const { splitAt = "," } = OPTIONS[key];
  return { raw: isList ? raw.split(splitAt).filter((part) => part !== "") : raw, place };
}

/** Unknown variables with our prefix: a typing mistake must not go unnoticed. */
function unknownVariables(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const known = OPTION_KEYS.map(variableOf);
  return Object.keys(env)
    .filter((name) => name.startsWith("INGRESS_DEV_") && !known.includes(name))
    .map((name) => {
      const meant = closest(name, known);
      return `${name} is no variable of ingress-dev.${meant === undefined ? "" : ` Did you mean ${meant}?`}`;
    });
}

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
 * Resolves every option: flag, else variable (`INGRESS_DEV_…`), else `ingress-dev.yaml`, else default. Only
 * `map` adds up, so that a flag can redirect one more Service.
 * @throws UserError for a bad value, with its place
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
    controllerFlag: settle("controllerFlag"),
    ingressClass: settle("ingressClass"),
    controllerClass: settle("controllerClass"),
    configmap: settle("configmap"),
    defaultBackendService: settle("defaultBackendService"),
    defaultSslCertificate: settle("defaultSslCertificate"),
    disableCatchAll: settle("disableCatchAll"),
    disableSvcExternalName: settle("disableSvcExternalName"),
    enableSslPassthrough: settle("enableSslPassthrough"),
    record: settle("record"),
    recordSecrets: settle("recordSecrets"),
    watchIngressWithoutClass: settle("watchIngressWithoutClass"),
    hostsFile: settle("hostsFile"),
    noHosts: settle("noHosts"),
    certsDir: settle("certsDir"),
    clientAddress: settle("clientAddress"),
    noEcho: settle("noEcho"),
    exact: settle("exact"),
    ignore: settle("ignore"),
    output: settle("output"),
  };
  return {
    settings,
    manifestsFrom: givenFor("filename", flags, env, file)[0]?.place,
    warnings: unknownVariables(env),
  };
}
