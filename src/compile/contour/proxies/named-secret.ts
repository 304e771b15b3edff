import { type Json, jsonString } from "../../../model/json.ts";

/** `NAMESPACE/NAME` of a Secret that an HTTPProxy names, with or without its namespace. */
export function namedSecret(written: Json | undefined, namespace: string): string {
  const name = jsonString(written) ?? "";
  return name.includes("/") ? name : `${namespace}/${name}`;
}
