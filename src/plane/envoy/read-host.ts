/** Lower case, without port; a dot at the end stays unless `strip_trailing_host_dot` cuts it. */
export function readEnvoyHost(header: string, hostDot: "cut" | "kept"): string {
  const end = header.startsWith("[") ? header.indexOf("]") + 1 : header.indexOf(":");
  const name = (end > 0 ? header.slice(0, end) : header).toLowerCase();
  return hostDot === "cut" && name.endsWith(".") ? name.slice(0, -1) : name;
}
