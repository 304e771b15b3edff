/**
 * Manifests whose requests differ by nothing that `convert` says, by target, each with the reason. All others have no such
 * difference.
 */
export const UNNAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "gateway-api": {},
  contour: {},
  traefik: {},
  "traefik-nginx": {},
};
