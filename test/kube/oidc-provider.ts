import { httpsServer, pair, type TestServer } from "./support.ts";

export interface TestProvider extends TestServer {
  readonly issuer: string;
  /** PEM. */
  readonly cert: string;
  /** Requests: `GET PATH`, or `POST PATH AUTHORIZATION BODY`. */
  readonly asked: string[];
  /** Tests may change the answers. */
  readonly answers: {
    discovery: Answer;
    token: (body: URLSearchParams, authorization: string | undefined) => Answer;
  };
}

/** Status and body; an object is sent as JSON. */
export type Answer = readonly [status: number, body: string | object];

/** A token with an expiry. unit: ms since the epoch */
export function idToken(expiresAt: number, subject = "jane"): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ sub: subject, exp: expiresAt / 1000 })}.c2lnbmF0dXJl`;
}

/** Starts a provider for a host. default: renews every refresh token */
export async function oidcProvider(host = "127.0.0.1"): Promise<TestProvider> {
  const asked: string[] = [];
  const own = await pair(host);
  const answers: TestProvider["answers"] = {
    discovery: [200, {}],
    token: () => [200, { id_token: idToken(Date.now() + 3_600_000), token_type: "Bearer" }],
  };
  const server = await httpsServer(own, async (request, response) => {
    let body = "";
    for await (const part of request.setEncoding("utf8")) body += part;
    const { authorization } = request.headers;
    const isPost = request.method === "POST";
    asked.push(`${request.method} ${request.url}${isPost ? ` ${authorization} ${body}` : ""}`);
    const [status, answer] = isPost
      ? answers.token(new URLSearchParams(body), authorization)
      : answers.discovery;
    response.writeHead(status).end(typeof answer === "string" ? answer : JSON.stringify(answer));
  });
  const issuer = `https://${host}:${server.port}/realm`;
  answers.discovery = [200, { issuer, token_endpoint: `https://${host}:${server.port}/token` }];
  return { ...server, issuer, cert: own.cert, asked, answers };
}
