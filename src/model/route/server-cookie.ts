/** A cookie that names a backend's endpoint (Traefik's sticky sessions, pkg/server/service/loadbalancer/sticky.go). */
export interface ServerCookie {
  readonly name: string;
  readonly path: string;
  /** default: the host that was asked */
  readonly domain?: string | undefined;
  /** unit: s */
  readonly expires?: number | undefined;
  /** 0: not sent; below it `Max-Age=0`. unit: s */
  readonly maxAge: number;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly sameSite?: "None" | "Lax" | "Strict" | undefined;
}
