import { readFile } from "node:fs/promises";

/** PEM from base64 or from a file; the data count where both are there (client-go rest/config.go, dataFromSliceOrFile). */
export async function pemOf(data: string | undefined, file: string | undefined): Promise<Buffer | undefined> {
  if (data !== undefined) return Buffer.from(data, "base64");
  return file === undefined ? undefined : readFile(file);
}
