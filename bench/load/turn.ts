/** The requests that are left, shared by all connections of a load. */
export interface Turn {
  /** False: all requests are given out. */
  take(): boolean;
  took(ms: number): void;
}

/** Headers of a browser, without Host. */
export const HEADERS: Readonly<Record<string, string>> = {
  "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
  Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
  "Accept-Language": "en-US,en;q=0.5",
  "Accept-Encoding": "gzip, deflate, br",
  Cookie: "session=abcdef0123456789",
};
export const SMALL_PATH = "/path1/index.html?a=1";
