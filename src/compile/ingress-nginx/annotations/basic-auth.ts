import { createHash } from "node:crypto";
import type { DigestGuard, PasswordGuard } from "../../../model/guard.ts";
import { reason } from "../../../model/reason.ts";
import type { Secret } from "../../../model/resource.ts";
import type { StandIns } from "../../../model/stand-ins.ts";
import { readHtdigest, readHtpasswd, uselessHash } from "../../nginx-annotations/htpasswd.ts";
import type { Annotations, Feature } from "../annotations.ts";
import { withLocation } from "../settings.ts";
import { documented } from "./documented.ts";

/**
 * `auth-type`, `auth-secret`, `auth-secret-type`, `auth-realm` (annotations/auth/main.go). Without
 * `auth-type` the others have no effect.
 */
export const basicAuth: Feature = {
  annotations: documented("Basic authentication", {
    Low: "auth-type auth-secret-type",
    Medium: "auth-secret auth-realm",
  }),
  apply: (annotations, settings) => {
    const password = readGuard(annotations);
    if (password === undefined) return settings;
    const guards = { ...settings.location.guards, password };
    return withLocation(settings, { guards });
  },
};

function readGuard(annotations: Annotations): PasswordGuard | DigestGuard | undefined {
  const type = annotations.text("auth-type");
  if (type === undefined) {
    if (annotations.has("auth-secret") && !annotations.has("auth-type"))
      annotations.report.surprising(
        "auth-secret",
        "without auth-type nobody is asked for a password",
        "Add auth-type: basic.",
      );
    return undefined;
  }
  // Read before the Secret: a bad value always leaves out the Ingress.
  annotations.text("auth-secret-type");
  const found = readSecret(annotations);
  if (found === undefined) return undefined;
  if (type !== "basic" && type !== "digest") {
    // The validator finds the word anywhere, the template looks for `basic`, and the digest module is not
    // loaded.
    const what = `"${type}" is neither basic nor digest`;
    annotations.report.stop("auth-type", 'unknown directive "auth_digest"', what, "Write auth-type: basic.");
    return undefined;
  }
  const realm = annotations.text("auth-realm") ?? "";
  if (realm === "off") {
    const what = 'nginx reads auth_basic "off" as a switch: nobody is asked for a password';
    annotations.report.surprising("auth-realm", what, "Choose another realm.");
    return undefined;
  }
  const { name } = found;
  const text = `a user name and a password of Secret ${name} are asked for (auth-type, auth-secret of Ingress ${annotations.ingressName})`;
  const why = reason(`${type}-auth`, text, annotations.placeOf("auth-secret"));
  if (!("secret" in found)) return { ...madeUp(found, type, realm), why };
  const users = readText(annotations, found.secret);
  if (users === undefined) return undefined;
  return type === "basic"
    ? { kind: "basic-auth", realm, users: readUsers(annotations, found.secret, users), why }
    : { kind: "digest-auth", realm, users: readDigests(annotations, found.secret, users, realm), why };
}

/** A location's passwords, or their stand-in. Without a made-up user nobody comes in. */
type Passwords =
  | { readonly name: string; readonly secret: Secret }
  | { readonly name: string; readonly user: StandIns["user"] };

function readSecret(annotations: Annotations): Passwords | undefined {
  const fix = "Write auth-secret: NAME, the name of a Secret in the Ingress's own namespace.";
  const deny = (what: string, advice = fix) => {
    annotations.report.bad("auth-secret", what, advice, "deny-location");
    return undefined;
  };
  if (!annotations.has("auth-secret"))
    return deny("error reading secret name from annotation: there is none");
  const value = annotations.text("auth-secret");
  if (value === undefined) return undefined;
  const parts = value.split("/");
  if (parts.length > 2)
    return deny(`error reading secret name from annotation: unexpected key format: "${value}"`);
  const [name = "", namespace = annotations.namespace] = parts.reverse();
  const key = `${namespace === "" ? annotations.namespace : namespace}/${name}`;
  const { crossNamespace } = annotations.world.config.compileTime;
  if (!key.startsWith(`${annotations.namespace}/`) && crossNamespace === "refused")
    return deny(`cross namespace usage of secrets is not allowed: "${value}"`);
  const secret = annotations.world.secrets.get(key);
  return secret === undefined ? standIn(annotations, key) : { name: key, secret };
}

function standIn(annotations: Annotations, key: string): Passwords | undefined {
  const fix = `Add the Secret to the manifests: kubectl create secret generic ${key.split("/")[1]} --from-file=auth --dry-run=client -o yaml`;
  const what = `unexpected error reading secret ${key}: no such Secret`;
  const here = "a user is made up, whose name and password up prints";
  const lacking = { object: key, what, here, fix };
  if (annotations.report.lacks("auth-secret", lacking, "deny-location") === "missing") return undefined;
  return { name: key, user: annotations.world.here.user };
}

/** Only the made-up user comes in. nginx compares a {PLAIN} password as text (ngx_crypt.c). */
function madeUp(
  { name, user }: Exclude<Passwords, { readonly secret: Secret }>,
  type: "basic" | "digest",
  realm: string,
): Omit<PasswordGuard, "why"> | Omit<DigestGuard, "why"> {
  const rest = { realm, standsInFor: name };
  if (user === undefined) return { kind: `${type}-auth`, users: new Map(), ...rest };
  if (type === "basic")
    return { kind: "basic-auth", users: new Map([[user.name, `{PLAIN}${user.password}`]]), ...rest };
  const secret = createHash("md5").update(`${user.name}:${realm}:${user.password}`).digest("hex");
  return { kind: "digest-auth", users: new Map([[user.name, secret]]), ...rest };
}

/** The users file that the controller writes for nginx. */
function readText(annotations: Annotations, secret: Secret): string | undefined {
  const type = annotations.text("auth-secret-type") ?? "auth-file";
  if (annotations.report.isRefused) return undefined;
  const { name } = secret.metadata;
  const text = type === "auth-map" ? mapText(secret) : secret.data.get("auth")?.toString("latin1");
  if (type !== "auth-file" && type !== "auth-map") {
    const what = "invalid auth-secret-type in annotation, must be 'auth-file' or 'auth-map'";
    annotations.report.bad("auth-secret-type", what, "Write auth-file or auth-map.", "deny-location");
    return undefined;
  }
  if (text === undefined) {
    const what = `the secret ${name} does not contain a key with value auth`;
    const fix = `Name the file auth: kubectl create secret generic ${name} --from-file=auth; or set auth-secret-type: auth-map.`;
    annotations.report.bad("auth-secret", what, fix, "deny-location");
  }
  return text;
}

function readDigests(
  annotations: Annotations,
  { metadata: { name } }: Secret,
  text: string,
  realm: string,
): ReadonlyMap<string, string> {
  const users = readHtdigest(text, realm);
  if (users.size === 0)
    annotations.report.surprising(
      "auth-secret",
      `Secret ${name} has no user of the realm "${realm}" in it: nobody can come in`,
      `Add one: htdigest auth "${realm}" USER`,
    );
  return users;
}

function readUsers(
  annotations: Annotations,
  { metadata: { name } }: Secret,
  text: string,
): ReadonlyMap<string, string> {
  const users = readHtpasswd(text);
  if (users.size === 0)
    annotations.report.surprising(
      "auth-secret",
      `Secret ${name} has no user in it: nobody can come in`,
      "Add one: htpasswd -c auth USER",
    );
  for (const [user, hash] of users) {
    const what = uselessHash(hash);
    if (what !== undefined)
      annotations.report.surprising(
        "auth-secret",
        `the password of user "${user}" in Secret ${name} is ${what}`,
        "Make it again: htpasswd -B auth USER",
      );
  }
  return users;
}

/** `auth-map`: keys are users, values hashes; converted to an htpasswd file (dumpSecretAuthMap). */
function mapText({ data }: Secret): string {
  return [...data].map(([user, hash]) => `${user}:${hash.toString("latin1")}\n`).join("");
}
