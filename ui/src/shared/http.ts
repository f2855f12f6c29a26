import createClient from "openapi-fetch";
import type { paths } from "@/api/schema";
import { ApiError, readError } from "@/shared/errors";

export const API = "/api/v1";

function findCookie(name: string): string | null {
  const pair = document.cookie.split("; ").find((entry) => entry.startsWith(`${name}=`));
  return pair ? decodeURIComponent(pair.slice(name.length + 1)) : null;
}

async function getCsrfToken(): Promise<string> {
  const known = findCookie("csrftoken");
  if (known) return known;
  const answer = await fetch(`${API}/auth/csrf`, { credentials: "same-origin" });
  const body = (await answer.json()) as { csrf: string };
  return body.csrf;
}

/** Send a request with the session and, where something may change, the CSRF token. Throws ApiError. */
export async function send(request: Request): Promise<Response> {
  const headers = new Headers(request.headers);
  if (!["GET", "HEAD"].includes(request.method)) headers.set("X-CSRFToken", await getCsrfToken());
  let response: Response;
  try {
    response = await fetch(new Request(request, { headers, credentials: "same-origin" }));
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "offline", "Senet does not answer. Check your connection and try again.");
  }
  if (!response.ok) throw await readError(response);
  return response;
}

/** The typed client: every path, parameter and answer is the one that OpenAPI describes. */
export const client = createClient<paths>({ baseUrl: "/", fetch: send });

type Query = Record<string, string | number | boolean | null | undefined>;

export function withQuery(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter(
    ([, value]) => value !== null && value !== undefined && value !== "",
  );
  const search = new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]));
  return pairs.length ? `${path}?${search}` : path;
}

interface Options {
  method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  query?: Query;
  body?: unknown;
  form?: FormData;
  signal?: AbortSignal;
}

/** Call a path whose name is only known at run time (lists and records of any resource). Throws ApiError. */
export async function call<T>(path: string, options: Options = {}): Promise<T> {
  const { method = "GET", query, body, form, signal } = options;
  const url = new URL(withQuery(`${API}${path}`, query), window.location.origin);
  const headers: HeadersInit = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const content = form ?? (body === undefined ? undefined : JSON.stringify(body));
  const init: RequestInit = { method, headers };
  if (content !== undefined) init.body = content;
  if (signal) init.signal = signal;
  const response = await send(new Request(url, init));
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}
