import { closest } from "../closest.ts";
import { cutText } from "./cut-text.ts";

/** Values by name. */
export type Variables = ReadonlyMap<string, string>;

export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** `$${` is `${` itself. */
const USE = /\$(\$?)\{([^{}]*)\}/g;

/** `${host}` replaced by its value, once: a value is no template. */
export function filledIn(
  text: string,
  variables: Variables,
  refuse: (message: string, fix: string) => never,
): string {
  if (!text.includes("${")) return text;
  return text.replace(USE, (use, dollar: string, name: string) => {
    if (dollar !== "") return use.slice(1);
    return variables.get(name.trim()) ?? unknown(name.trim(), variables, refuse);
  });
}

function unknown(name: string, variables: Variables, refuse: (message: string, fix: string) => never): never {
  const meant = closest(name, variables.keys());
  const names = [...variables.keys()];
  const known = names.length === 0 ? "The file has no variables" : `Its variables: ${names.join(", ")}`;
  return refuse(
    `there is no variable "${cutText(name)}".`,
    meant === undefined
      ? `${known}. Add it under variables:, or write $\${ for the text itself.`
      : `Did you mean ${meant}?`,
  );
}
