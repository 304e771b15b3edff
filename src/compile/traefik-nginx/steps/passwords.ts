import { createHash } from "node:crypto";
import type { Step } from "../../../step/step.ts";
import { withHashKinds } from "../../shared/password-hashes.ts";
import type { Context } from "../context.ts";
import { REALM_WITHOUT } from "../facts.ts";
import type { Location } from "../location.ts";
import type { Unbuilt } from "../matching.ts";

/** Hashes that Traefik checks (github.com/abbot/go-http-auth). */
const CHECKED = ["bcrypt", "md5", "sha1"] as const;

/** `auth-type` and its companions: a path with anything wrong in them is left out. */
export function passwordSteps(
  { annotations }: Location,
  { secret, standIns }: Context,
): readonly Step[] | Unbuilt {
  const type = annotations.text("auth-type");
  if (type === undefined) return [];
  const bad = (why: string, annotation = "auth-secret"): Unbuilt => ({ why, annotation, leavesOut: true });
  if (type !== "basic" && type !== "digest")
    return bad(`auth-type ${JSON.stringify(type)} is neither basic nor digest`, "auth-type");
  const written = annotations.text("auth-secret") ?? "";
  const [name = "", namespace = annotations.namespace, ...more] = written.split("/").reverse();
  if (written === "" || written.startsWith("/") || more.length > 0)
    return bad(`auth-secret ${JSON.stringify(written)} names no Secret`);
  if (namespace !== annotations.namespace) return bad(`auth-secret is of another namespace, ${namespace}`);
  const form = annotations.text("auth-secret-type") ?? "auth-file";
  if (form !== "auth-file" && form !== "auth-map")
    return bad(
      `auth-secret-type ${JSON.stringify(form)} is neither auth-file nor auth-map`,
      "auth-secret-type",
    );
  const realm = annotations.bytes("auth-realm") || REALM_WITHOUT;
  const key = `${namespace}/${name}`;
  const text = `a user name and a password of Secret ${key} are asked for (${annotations.nameOf("auth-secret")})`;
  const why = annotations.because(`${type}-auth`, "auth-secret", text);
  const asked = (users: ReadonlyMap<string, string>, standsInFor?: string): readonly Step[] => [
    {
      kind: "guard",
      guard:
        type === "basic"
          ? { kind: "basic-auth", realm, users, standsInFor, why }
          : { kind: "digest-auth", challenge: "go-http-auth", realm, users, standsInFor, why },
      authorization: "passed",
    },
  ];
  const made = (lines: readonly string[], standsInFor?: string): readonly Step[] | Unbuilt => {
    const users = type === "basic" ? basicUsers(lines) : digestUsers(lines, realm);
    if (users === undefined)
      return { why: `Secret ${key} has no user in it, or a line that is none`, annotation: "auth-secret" };
    return asked(users, standsInFor);
  };
  const found = secret(namespace, name);
  if (found === undefined) {
    if (standIns === undefined) return bad(`there is no Secret ${key}`);
    if (standIns.user === undefined) return asked(new Map(), key);
    const { name: user, password } = standIns.user;
    const hash = createHash(type === "basic" ? "sha1" : "md5");
    const line =
      type === "basic"
        ? `${user}:{SHA}${hash.update(password).digest("base64")}`
        : `${user}:${realm}:${hash.update(`${user}:${realm}:${password}`).digest("hex")}`;
    return made([line], key);
  }
  if (form === "auth-map" && found.data.size === 0) return bad(`Secret ${key} is empty`);
  if (form === "auth-map")
    return made([...found.data].map(([user, hash]) => `${user}:${hash.toString("latin1")}`));
  const file = found.data.get("auth");
  if (file === undefined) return bad(`Secret ${key} has no key auth`);
  const lines = file.toString("latin1").split("\n");
  return made(lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#")));
}

/** `undefined`: a line without exactly one colon, or no line */
function basicUsers(lines: readonly string[]): ReadonlyMap<string, string> | undefined {
  const pairs = lines.map((line) => line.split(":"));
  if (pairs.length === 0 || pairs.some(({ length }) => length !== 2)) return undefined;
  return withHashKinds(new Map(pairs.map(([user = "", hash = ""]) => [user, hash])), CHECKED);
}

/** `USER:REALM:HASH`; users of other realms cannot come in. */
function digestUsers(lines: readonly string[], realm: string): ReadonlyMap<string, string> | undefined {
  const parts = lines.map((line) => line.split(":"));
  if (parts.length === 0 || parts.some(({ length }) => length !== 3)) return undefined;
  return new Map(parts.filter(([, of]) => of === realm).map(([user = "", , hash = ""]) => [user, hash]));
}
