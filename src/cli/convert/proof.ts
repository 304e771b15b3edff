import { INGRESS_NGINX } from "../../compile/ingress-nginx/facts.ts";
import { ingressName } from "../../compile/problem.ts";
import { aliasFinder } from "../../convert/to/nginx/aliases.ts";
import { isAtHostOf, isOf } from "../../convert/to/nginx/lost.ts";
import { withoutOptions } from "../../convert/to/nginx/options.ts";
import { standInServices } from "../../convert/to/stand-ins.ts";
import { type ConvertTarget, type KnownChange, OF_GUARDS } from "../../convert/to/target.ts";
import { type ConversionVerdict, verdictOf } from "../../convert/to/verdict.ts";
import { yamlOf } from "../../convert/to/write-yaml.ts";
import { differencesIn } from "../../diff/differences.ts";
import { DEFAULT_NAMESPACE } from "../../manifest/report.ts";
import type { Problem } from "../../model/problem.ts";
import type { Ingress } from "../../model/resource.ts";
import type { Reading } from "../../source/files.ts";
import { readTexts } from "../../source/texts.ts";
import { witnessesOf } from "../../witness/witness.ts";
import { askedSides } from "../diff/asked.ts";
import type { Flags } from "../options/config.ts";
import { type Routing, readRouting } from "../routing.ts";
import type { Surroundings } from "../surroundings.ts";
import type { ConvertedSide, WholeConversion } from "./to.ts";

/** An Ingress that stays is said to stay: nothing answers its requests after. */
function leftChange(ingress: Ingress): KnownChange {
  const explains: KnownChange["explains"] = (difference) =>
    isOf(ingress, difference) || isAtHostOf(ingress, difference)
      ? { aspects: [...OF_GUARDS, "service", "path", "certificate"] }
      : undefined;
  return { ingress, field: "metadata.name", message: "it is left as it is", fix: "", explains };
}

/** The manifests after the conversion. `absent`: documents of what is not there; default: none */
export function convertedReading({ files }: Pick<WholeConversion, "files">, absent = ""): Promise<Reading> {
  const texts = files.map(({ source, text }) => ({ name: source.file, bytes: Buffer.from(text) }));
  return readTexts(
    "the converted manifests",
    [...texts, { name: "what is not there", bytes: Buffer.from(absent) }],
    DEFAULT_NAMESPACE,
  );
}

/** Objects of a target's kinds that the API server refuses. */
export function refusedOf(
  { facts }: Pick<ConvertTarget, "facts">,
  { problems }: Reading,
): readonly Problem[] {
  return problems.filter(
    ({ level, object }) => level === "error" && facts.kinds?.some((kind) => kind === object?.kind) === true,
  );
}

function byRequest(
  ...[requests, before, after]: [ReturnType<typeof witnessesOf>["requests"], Routing, Routing]
) {
  const { groups } = differencesIn(requests, askedSides(before, after));
  return new Map(groups.flatMap(({ all }) => all.map((each) => [each.request, each] as const)));
}

/** Decides the requests that tell both sides apart, before and after, as `diff` does. */
export async function provedBy(
  { facts, general: generalOf }: ConvertTarget,
  { side: before, sources }: ConvertedSide,
  { files, conversion, unreplaced }: WholeConversion,
  { flags, surroundings }: { readonly flags: Flags; readonly surroundings: Surroundings },
): Promise<{ readonly verdict: ConversionVerdict; readonly refused: readonly Problem[] }> {
  const absent = [
    standInServices(sources, before.reading.snapshot),
    ...(conversion.presumed ?? []).map((object) => yamlOf(object, () => undefined)),
  ];
  const reading = await convertedReading({ files }, absent.join("---\n"));
  // The target's own Ingresses are there before and after.
  const converted = new Set([...conversion.made.keys()].map(ingressName));
  const ingresses = reading.snapshot.ingresses.filter((ingress) => converted.has(ingressName(ingress)));
  const after = await readRouting(
    { exact: flags.exact, clientAddress: flags.clientAddress, controller: facts.name },
    surroundings,
    async () => ({ ...reading, snapshot: { ...reading.snapshot, ingresses } }),
    {
      adjusted: (options) => ({
        ...options,
        // Classes that options name are those of the controller before.
        ingressClasses: undefined,
        controllerClass: undefined,
        // The conversion does not depend on Secrets of hosts.
        absentSecrets: "elsewhere",
      }),
    },
  );
  const isNginx = before.settings.controller === INGRESS_NGINX.name;
  const bare = isNginx ? withoutOptions(before.reading.snapshot) : undefined;
  const plain =
    bare &&
    (await readRouting({ ...flags, controller: before.settings.controller }, surroundings, async () => ({
      ...before.reading,
      snapshot: bare.snapshot,
    })));
  // Ports of absent Services have one name on both sides.
  const { services } = reading.snapshot;
  const withServices = (side: Routing): Routing => {
    const { snapshot } = side.reading;
    return { ...side, reading: { ...side.reading, snapshot: { ...snapshot, services } } };
  };
  try {
    const { requests, complete, incomplete } = witnessesOf([before.table, after.table]);
    const report = {
      ...differencesIn(requests, askedSides(withServices(before), after)),
      complete,
      incomplete,
    };
    const left = [...conversion.left, ...unreplaced].map(({ ingress }) => leftChange(ingress));
    const refused = refusedOf({ facts }, reading);
    const changes = [...conversion.changes, ...left];
    const without = plain &&
      bare && { change: bare.change, differences: byRequest(requests, withServices(plain), after) };
    const said = { changes, generals: generalOf(before.settings.controller), aliasOf: aliasFinder(sources) };
    return { verdict: verdictOf(report, said, without), refused };
  } finally {
    await plain?.close();
    await after.close();
  }
}
