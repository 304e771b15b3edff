import { createRequire } from "node:module";

/**
 * The system's hosts file, as hostile knows it: `/etc/hosts`, or `C:/Windows/System32/drivers/etc/hosts`.
 *
 * Of hostile we take this and its line form (address, one space, name) alone: it changes lines that it was not asked
 * about, and a crash or a full disk while it writes leaves an empty file.
 */
export function systemHostsFile(): string {
  // Loaded when asked for: it brings four packages along, and most commands never need it.
  const hostile: typeof import("hostile") = createRequire(import.meta.url)("hostile");
  return hostile.HOSTS;
}
