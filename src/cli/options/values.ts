import { isIP } from "node:net";
import { closest } from "../../closest.ts";
import { UserError } from "../../errors.ts";
import { readSize } from "../../request/size.ts";
import { isCode, unknownCode } from "./codes.ts";

/** The place of a value: `--http-port`, `INGRESS_DEV_HTTP_PORT`, `ingress-dev.yaml:3 httpPort`. */
export type OptionPlace = string;

/** Converts a given value. @throws UserError `bad-option` with the place */
export type OptionReader<T> = (raw: unknown, place: OptionPlace) => T;

function refuse(raw: unknown, place: OptionPlace, expected: string): never {
  const shown = typeof raw === "string" ? `"${raw}"` : JSON.stringify(raw);
  throw new UserError("bad-option", `${place}: ${shown} is not ${expected}.`);
}

/** 0: the system picks a free port. */
export const port: OptionReader<number> = (raw, place) => {
  const text = typeof raw === "number" ? String(raw) : raw;
  if (typeof text === "string" && /^\d{1,5}$/.test(text.trim()) && Number(text) <= 65535) return Number(text);
  return refuse(raw, place, "a port (a whole number from 0 to 65535)");
};

/** A body size in bytes, with the units of `proxy-body-size`. */
export const bodySize: OptionReader<number> = (raw, place) => {
  const bytes = typeof raw === "string" ? readSize(raw, "bkmg") : undefined;
  return bytes ?? refuse(raw, place, "a size, such as 2000000, 512k or 2m");
};

export const address: OptionReader<string> = (raw, place) => {
  if (raw === "localhost") return "127.0.0.1";
  if (typeof raw === "string" && isIP(raw) !== 0) return raw;
  return refuse(raw, place, "an IP address of this computer, such as 127.0.0.1");
};

export const clientAddress: OptionReader<string> = (raw, place) => {
  if (typeof raw === "string" && isIP(raw) !== 0 && !raw.includes("%")) return raw;
  return refuse(raw, place, "an IP address, such as 10.0.0.5 or 2001:db8::5");
};

/** Any non-empty text. */
export const text: OptionReader<string> = (raw, place) => {
  if (typeof raw === "string" && raw !== "") return raw;
  return refuse(raw, place, "a text");
};

/** `ingress-nginx/ingress-nginx-controller` */
export const namespacedName: OptionReader<string> = (raw, place) => {
  if (typeof raw === "string" && /^[a-z0-9][-a-z0-9]*\/[a-z0-9][-.a-z0-9]*$/.test(raw)) return raw;
  return refuse(raw, place, "NAMESPACE/NAME, such as ingress-nginx/ingress-nginx-controller");
};

export const yesOrNo: OptionReader<boolean> = (raw, place) => {
  if (typeof raw === "boolean") return raw;
  if (raw === "true" || raw === "1") return true;
  if (raw === "false" || raw === "0") return false;
  return refuse(raw, place, "true or false");
};

/** A list, or one comma-separated text. */
export const texts: OptionReader<readonly string[]> = (raw, place) => {
  const items = Array.isArray(raw) ? raw : [raw];
  const parts = items.flatMap((item) => text(item, place).split(","));
  const found = parts.map((part) => part.trim()).filter((part) => part !== "");
  return found.length > 0 ? found : refuse(raw, place, "a list of names");
};

/** Flags of a controller. Values may contain commas. */
export const controllerFlags: OptionReader<readonly string[]> = (raw, place) =>
  (Array.isArray(raw) ? raw : [raw]).map((item) => {
    const flag = text(item, place)
      .trim()
      .replace(/^(--?[^=\s]+)\s+/, "$1=");
    return /^--?[^-=\s]/.test(flag) ? flag : refuse(raw, place, "a flag, such as --name=value");
  });

/** Codes of problems, each once. */
export const codes: OptionReader<readonly string[]> = (raw, place) => {
  const found = texts(raw, place);
  const unknown = found.find((code) => !isCode(code));
  if (unknown === undefined) return [...new Set(found)];
  throw unknownCode(unknown, place);
};

export function oneOf<const T extends string>(words: readonly T[]): OptionReader<T> {
  return (raw, place) => {
    const found = words.find((word) => word === raw);
    if (found !== undefined) return found;
    const meant = typeof raw === "string" ? closest(raw, words) : undefined;
    const hint = meant === undefined ? "" : ` (did you mean ${meant}?)`;
    return refuse(raw, place, `one of ${words.join(", ")}${hint}`);
  };
}
