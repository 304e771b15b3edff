import type { OutgoingHttpHeaders } from "node:http";
import type { ApiRequest } from "../model/cluster.ts";
import { agentFor } from "./agent.ts";
import type { ProviderConfig } from "./entries.ts";
import type { ApiLimits } from "./limits.ts";
import { pemOf } from "./pem.ts";
import { parseProxyUrl, proxyUrlFor } from "./proxy-url.ts";
import { send } from "./request.ts";

/** A JSON Web Token, sent as bearer token. */
export interface IdToken {
  readonly token: string;
  /** Some seconds before its `exp`. unit: ms since the epoch */
  readonly expiresAt: number;
}

export interface OidcOptions {
  /** For `HTTPS_PROXY` and `NO_PROXY`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly limits: ApiLimits;
  readonly signal: AbortSignal;
}

export type RenewedConfig = ProviderConfig & { readonly "id-token": string };

/** Tokens expire early by this much (client-go plugin/pkg/client/auth/oidc/oidc.go, expiryDelta). unit: ms */
const EARLY_MS = 10_000;
/** Repeated part of a provider's error. unit: chars */
const COMPLAINT_LIMIT = 200;

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

function textField(value: unknown, key: string): string | undefined {
  const field = fieldOf(value, key);
  return typeof field === "string" && field !== "" ? field : undefined;
}

/**
 * The expiry of an id-token; without one it has expired. The API server checks the signature. @throws Error
 * for anything but a JSON Web Token
 */
export function readIdToken(token: string): IdToken {
  const [, payload = "", ...more] = token.split(".");
  if (more.length !== 1) throw new Error("the id-token is not a JSON Web Token");
  let claims: unknown;
  try {
    claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
  } catch {
    throw new Error("the claims of the id-token are not JSON");
  }
  const seconds = Number(fieldOf(claims, "exp") ?? 0);
  if (Number.isNaN(seconds)) throw new Error("the exp of the id-token is not a number");
  return { token, expiresAt: seconds * 1000 - EARLY_MS };
}

class Refusal extends Error {}

/** `error` and `error_description` (RFC 6749, section 5.2), else the text. */
function complaintOf(text: string): string {
  try {
    const answer: unknown = JSON.parse(text);
    const said = [textField(answer, "error"), textField(answer, "error_description")];
    return said.filter((part) => part !== undefined).join(": ") || text;
  } catch {
    return text;
  }
}

function jsonOf(url: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${url} answered something that is not JSON`);
  }
}

type Ask = (url: string, request?: ApiRequest, headers?: OutgoingHttpHeaders) => Promise<unknown>;

/** Asks the provider for JSON, trusting its authority, through the environment's proxy. */
async function createAsk(config: ProviderConfig, { env, limits, signal }: OidcOptions): Promise<Ask> {
  const { "idp-certificate-authority-data": data, "idp-certificate-authority": file } = config;
  const ca = await pemOf(data, file);
  return async (url, request = {}, headers = {}) => {
    const { protocol, origin, pathname, search } = new URL(url);
    const proxyUrl = proxyUrlFor({ server: origin }, env);
    const proxy = proxyUrl === undefined ? undefined : parseProxyUrl(proxyUrl, origin);
    const agent = agentFor(
      protocol === "https:" ? "https" : "http",
      { ca },
      proxy && { url: proxy, limitMs: limits.connectMs },
    );
    const session = { server: origin, access: { agent, headers } };
    const response = await send(`${pathname}${search}`, session, { ...request, signal }, limits);
    const text = await response.text();
    if (response.status >= 200 && response.status <= 299) return jsonOf(url, text);
    throw new Refusal(
      `${url} answered ${response.status}: ${complaintOf(text.trim()).slice(0, COMPLAINT_LIMIT)}`,
    );
  };
}

/** source: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig */
async function tokenEndpoint(ask: Ask, issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const endpoint = textField(await ask(url), "token_endpoint");
  if (endpoint === undefined || !URL.canParse(endpoint)) throw new Error(`${url} names no token_endpoint`);
  return endpoint;
}

/**
 * Sends the client's secret in a header and, if refused, in the body (golang.org/x/oauth2 internal/token.go,
 * RetrieveToken).
 */
async function grant(
  ask: Ask,
  endpoint: string,
  config: ProviderConfig,
  refreshToken: string,
): Promise<unknown> {
  const { "client-id": id = "", "client-secret": secret = "" } = config;
  const post = (more: Readonly<Record<string, string>>, headers?: OutgoingHttpHeaders) => {
    const form = new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken, ...more });
    const contentType = "application/x-www-form-urlencoded";
    return ask(endpoint, { method: "POST", contentType, body: form.toString() }, headers);
  };
  // RFC 6749, section 2.3.1: both parts are form-encoded first.
  const encoded = [id, secret].map((part) => new URLSearchParams({ "": part }).toString().slice(1)).join(":");
  try {
    return await post({}, { authorization: `Basic ${Buffer.from(encoded).toString("base64")}` });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return post({ client_id: id, ...(secret === "" ? {} : { client_secret: secret }) });
  }
}

/**
 * Renews an id-token by its refresh token (client-go plugin/pkg/client/auth/oidc/oidc.go, idToken). Returns
 * the configuration with new tokens, because a provider may accept each refresh token once.
 * @throws Error for an incomplete configuration, or without an id-token
 */
export async function renewTokens(config: ProviderConfig, options: OidcOptions): Promise<RenewedConfig> {
  const refreshToken = config["refresh-token"];
  if (refreshToken === undefined) throw new Error("the id-token has expired, and there is no refresh-token");
  const issuer = config["idp-issuer-url"];
  if (issuer === undefined || !URL.canParse(issuer))
    throw new Error("the auth-provider has no idp-issuer-url");
  if (config["client-id"] === undefined) throw new Error("the auth-provider has no client-id");
  const ask = await createAsk(config, options);
  const endpoint = await tokenEndpoint(ask, issuer);
  const answer = await grant(ask, endpoint, config, refreshToken);
  const idToken = textField(answer, "id_token");
  // Providers may omit it on renewal (https://github.com/kubernetes/kubernetes/issues/36847).
  if (idToken === undefined) throw new Error(`${endpoint} gave no id_token`);
  const next = textField(answer, "refresh_token") ?? refreshToken;
  return { ...config, "id-token": idToken, "refresh-token": next };
}
