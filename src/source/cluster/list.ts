import type { ApiConnection } from "../../model/cluster.ts";
import { ApiFault, faultOfResponse, fieldOf } from "./fault.ts";

export interface Listed {
  readonly items: readonly unknown[];
  readonly resourceVersion: string;
}

interface Page extends Listed {
  /** `""`: the last page. */
  readonly token: string;
}

/** The object of a 200. */
async function bodyOf(api: ApiConnection, path: string, signal: AbortSignal): Promise<unknown> {
  const response = await api.request(path, { signal });
  if (response.status !== 200) throw await faultOfResponse(response);
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiFault("broken", "the API server answered something that is not JSON");
  }
}

async function page(
  api: ApiConnection,
  path: string,
  query: URLSearchParams,
  signal: AbortSignal,
): Promise<Page> {
  const body = await bodyOf(api, `${path}?${query}`, signal);
  const metadata = fieldOf(body, "metadata");
  const [items, resourceVersion] = [fieldOf(body, "items"), fieldOf(metadata, "resourceVersion")];
  // Go writes an empty list as `null`. Without `items` it is not the list that was asked for.
  if ((items !== null && !Array.isArray(items)) || typeof resourceVersion !== "string") {
    throw new ApiFault("broken", "the API server answered something that is not a list");
  }
  const token = fieldOf(metadata, "continue");
  return { items: items ?? [], resourceVersion, token: typeof token === "string" ? token : "" };
}

/**
 * Lists everything at a path, page by page. When a page comes too late (410), asks for everything at once, as
 * client-go's pager does. Fails with an `ApiFault`, or with the connection's error.
 */
export async function listAll(
  api: ApiConnection,
  path: string,
  select: Readonly<Record<string, string>>,
  pageSize: number,
  signal: AbortSignal,
): Promise<Listed> {
  const items: unknown[] = [];
  let query = new URLSearchParams({ ...select, limit: String(pageSize) });
  for (;;) {
    const isFirst = !query.has("continue");
    try {
      const found = await page(api, path, query, signal);
      for (const item of found.items) items.push(item);
      if (found.token === "") return { items, resourceVersion: found.resourceVersion };
      query = new URLSearchParams({ ...select, limit: String(pageSize), continue: found.token });
    } catch (error) {
      if (isFirst || !(error instanceof ApiFault && error.kind === "expired")) throw error;
      return page(api, path, new URLSearchParams(select), signal);
    }
  }
}

/** Asks for the first object of a list, to see if the list can be had. Fails as `listAll` does. */
export async function askOnce(api: ApiConnection, path: string, signal: AbortSignal): Promise<void> {
  await page(api, path, new URLSearchParams({ limit: "1" }), signal);
}

/** One object; `undefined`: there is none (404). */
export async function getOne(api: ApiConnection, path: string, signal: AbortSignal): Promise<unknown> {
  try {
    return await bodyOf(api, path, signal);
  } catch (error) {
    if (error instanceof ApiFault && error.kind === "absent") return undefined;
    throw error;
  }
}
