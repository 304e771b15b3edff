import { posix, win32 } from "node:path";

/**
 * Default folder of certificates (without `--certs-dir`): the user's folder for permanent data.
 * - Linux and other Unix: `$XDG_DATA_HOME/ingress-dev/certs`, else `~/.local/share/ingress-dev/certs` (XDG
 *   Base Directory Specification; a relative `XDG_DATA_HOME` is invalid and ignored).
 * - macOS: `~/Library/Application Support/ingress-dev/certs`.
 * - Windows: `%LOCALAPPDATA%\ingress-dev\certs`, which does not roam: a key stays on its machine.
 */
export function userDataFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  if (platform === "win32") {
    const local = env.LOCALAPPDATA || win32.join(home, "AppData", "Local");
    return win32.join(local, "ingress-dev", "certs");
  }
  if (platform === "darwin") {
    return posix.join(home, "Library", "Application Support", "ingress-dev", "certs");
  }
  const data = env.XDG_DATA_HOME ?? "";
  const base = posix.isAbsolute(data) ? data : posix.join(home, ".local", "share");
  return posix.join(base, "ingress-dev", "certs");
}
