import type { Ingress } from "../../../model/resource.ts";
import { isOf } from "../nginx/lost.ts";
import type { Explains } from "../target.ts";

/** Traefik's answers where an Ingress asks for a password. It never lets somebody in whom nginx does not. */
export function passwordsOf(ingress: Ingress): Explains {
  return (difference) => {
    if (!isOf(ingress, difference)) return undefined;
    const { request, second } = difference;
    // A Secret that it does not take costs the router.
    const isLost = second.behaviour.status === 404;
    // nginx asks for none at challenges, and knows more hashes.
    const isRefused = second.behaviour.status === 401;
    const isAnswered = request.method === "OPTIONS" || isLost || isRefused;
    return {
      aspects: isAnswered ? "answer" : ["guards"],
      responseHeaders: ["www-authenticate"],
      requestHeaders: ["authorization"],
    };
  };
}
