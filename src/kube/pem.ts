import { readFile } from "node:fs/promises";

/** PEM from base64, else from a file (client-go rest/config.go, dataFromSliceOrFile). */
export async function pemOf(data: string | undefined, file: string | undefined): Promise<Buffer | undefined> {
  if (data !== undefined) return Buffer.from(data, "base64");
  return file === undefined ? undefined : readFile(file);
}
