import { CONTROLLER_NAMES, type ControllerName } from "../../compile/controllers.ts";
import { type OptionPlace, type OptionReader, oneOf, text, texts } from "./values.ts";

/** A Service's target as written, and the place of it. `parseMap` parses it. */
export interface MapText {
  /** `[NAMESPACE/]SERVICE[:PORT]=TARGET`. */
  readonly text: string;
  readonly place: OptionPlace;
}

/** One controller, several, or those that the manifests name. */
export type ControllerChoice = "auto" | ControllerName | readonly ControllerName[];

/** Lists whose items may contain commas (paths, URLs); only variables are split at commas. */
export const items: OptionReader<readonly string[]> = (raw, place) =>
  (Array.isArray(raw) ? raw : [raw]).map((item) => text(item, place));

/** Each once, in the order of the registry. */
export const controllers: OptionReader<ControllerChoice> = (raw, place) => {
  if (raw === "auto") return raw;
  const names = texts(raw, place).map((name) => oneOf(NAMES_AND_AUTO)(name, place));
  const known = CONTROLLER_NAMES.filter((name) => names.includes(name));
  const [first, ...others] = known;
  if (first === undefined || names.includes("auto")) return "auto";
  return others.length === 0 ? first : known;
};

const NAMES_AND_AUTO = [...CONTROLLER_NAMES, "auto"] as const;

/** The maps of one place; `config.ts` joins several places. In the file they are keys and values. */
export const maps: OptionReader<readonly MapText[]> = (raw, place) => {
  const isMap = typeof raw === "object" && raw !== null && !Array.isArray(raw);
  const written = isMap
    ? Object.entries(raw).map(([service, target]) => `${service}=${String(target)}`)
    : items(raw, place);
  return written.map((item) => ({ text: item, place }));
};
