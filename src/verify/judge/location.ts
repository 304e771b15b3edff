import type { Ports } from "../../model/decision.ts";

const USUAL: Readonly<Record<string, string>> = { http: "80", https: "443" };
const ABSOLUTE = /^(https?):\/\/([^/?#]*?)(?::(\d*))?(?=[/?#]|$)/i;

/**
 * True if a `Location` is the predicted one, in production's form: the ports that stand in for 80 and 443 here (a
 * port-forward's, a node port) count as those. Both one char per byte.
 */
export function isSameLocation(
  predicted: string,
  actual: string | undefined,
  ports: Partial<Ports>,
): boolean {
  if (actual === undefined) return false;
  return predicted === actual || productionForm(predicted, {}) === productionForm(actual, ports);
}

/** Without a port that goes without saying. */
export function productionForm(location: string, ports: Partial<Ports>): string {
  return location.replace(ABSOLUTE, (whole, scheme: string, host: string, port: string | undefined) => {
    if (port === undefined) return whole;
    const listener = scheme.toLowerCase() === "http" ? ports.http : ports.https;
    const isImplied = port === USUAL[scheme.toLowerCase()] || port === String(listener);
    return isImplied ? `${scheme}://${host}` : whole;
  });
}
