import { standInServices } from "../../convert/to/stand-ins.ts";
import type { ConvertTarget } from "../../convert/to/target.ts";
import { type ConversionVerdict, verdictOf } from "../../convert/to/verdict.ts";
import { differencesIn } from "../../diff/differences.ts";
import { DEFAULT_NAMESPACE } from "../../manifest/report.ts";
import { readTexts } from "../../source/texts.ts";
import { witnessesOf } from "../../witness/witness.ts";
import { askedSides } from "../diff/asked.ts";
import type { Flags } from "../options/config.ts";
import { readRouting } from "../routing.ts";
import type { Surroundings } from "../surroundings.ts";
import type { ConvertedSide, WholeConversion } from "./to.ts";

/** Decides the requests that tell both sides apart, before and after, as `diff` does. */
export async function provedBy(
  { facts, general }: ConvertTarget,
  { side: before, sources }: ConvertedSide,
  { files, conversion }: WholeConversion,
  { flags, surroundings }: { readonly flags: Flags; readonly surroundings: Surroundings },
): Promise<ConversionVerdict> {
  const texts = files.map(({ source, text }) => ({ name: source.file, bytes: Buffer.from(text) }));
  const absent = standInServices(sources, before.reading.snapshot);
  const reading = await readTexts(
    "the converted manifests",
    [...texts, { name: "Services that are not there", bytes: Buffer.from(absent) }],
    DEFAULT_NAMESPACE,
  );
  const after = await readRouting(
    { exact: flags.exact, clientAddress: flags.clientAddress, controller: facts.name },
    surroundings,
    async () => reading,
    // Classes that options name are those of the controller before.
    { adjusted: (options) => ({ ...options, ingressClasses: undefined, controllerClass: undefined }) },
  );
  try {
    const { requests, complete, incomplete } = witnessesOf([before.table, after.table]);
    const report = { ...differencesIn(requests, askedSides(before, after)), complete, incomplete };
    return verdictOf(report, conversion.changes, general(before.settings.controller));
  } finally {
    await after.close();
  }
}
