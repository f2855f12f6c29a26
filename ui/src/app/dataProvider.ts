import type {
  CreateParams,
  DataProvider,
  DeleteParams,
  GetListParams,
  GetOneParams,
  Identifier,
  RaRecord,
  UpdateParams,
} from "react-admin";
import { CursorBook } from "@/app/cursors";
import { call } from "@/shared/http";

interface Page {
  items: RaRecord[];
  next_cursor: string | null;
  total: number;
}

const book = new CursorBook();

const MOMENT = /^\d{4}-\d{2}-\d{2}T/;

/** An input that was emptied gives null; a text is emptied to "", while a moment or a choice is taken away. */
function emptied(value: unknown, old: unknown): unknown {
  return value === null && typeof old === "string" && !MOMENT.test(old) ? "" : value;
}

/** The values of `data` that differ from what was there before: a PATCH says only what changes. */
export function findChanges(data: object, before: object | undefined): Record<string, unknown> {
  const old = (before ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(data)
      .map(([key, value]) => [key, emptied(value, old[key])] as const)
      .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(old[key])),
  );
}

/** Walk from the nearest page whose cursor is known to the one that is wanted. */
async function fetchPage(
  resource: string,
  params: GetListParams,
  more: Record<string, unknown> = {},
): Promise<Page> {
  const { page = 1, perPage = 25 } = params.pagination ?? {};
  const { field = "id", order = "DESC" } = params.sort ?? {};
  const query = { ...params.filter, ...more, sort: `${order === "DESC" ? "-" : ""}${field}`, limit: perPage };
  const key = `${resource} ${JSON.stringify(query)}`;
  let { page: at, cursor } = book.nearest(key, page);
  for (;;) {
    const options = params.signal ? { signal: params.signal } : {};
    const answer = await call<Page>(`/${resource}`, { query: { ...query, cursor }, ...options });
    book.remember(key, at, answer.next_cursor);
    if (at === page || !answer.next_cursor) return at === page ? answer : { ...answer, items: [] };
    at += 1;
    cursor = answer.next_cursor;
  }
}

async function getOne(resource: string, id: Identifier, signal?: AbortSignal): Promise<RaRecord> {
  return call<RaRecord>(`/${resource}/${id}`, signal ? { signal } : {});
}

/** react-admin's way to the API: every resource is /api/v1/<resource>. */
export const dataProvider = {
  supportAbortSignal: true,

  async getList(resource: string, params: GetListParams) {
    const page = await fetchPage(resource, params);
    return { data: page.items, total: page.total };
  },

  async getManyReference(resource: string, params: GetListParams & { target: string; id: Identifier }) {
    const page = await fetchPage(resource, params, { [params.target]: params.id });
    return { data: page.items, total: page.total };
  },

  async getOne(resource: string, params: GetOneParams) {
    return { data: await getOne(resource, params.id, params.signal) };
  },

  /** Records that cannot be had (deleted, or of another unit) are left out. */
  async getMany(resource: string, params: { ids: Identifier[] }) {
    const found = await Promise.allSettled(params.ids.map((id) => getOne(resource, id)));
    return { data: found.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : [])) };
  },

  async create(resource: string, params: CreateParams) {
    return { data: await call<RaRecord>(`/${resource}`, { method: "POST", body: params.data }) };
  },

  async update(resource: string, params: UpdateParams) {
    const body = findChanges(params.data, params.previousData);
    return { data: await call<RaRecord>(`/${resource}/${params.id}`, { method: "PATCH", body }) };
  },

  async updateMany(resource: string, params: { ids: Identifier[]; data: object }) {
    await Promise.all(
      params.ids.map((id) => call(`/${resource}/${id}`, { method: "PATCH", body: params.data })),
    );
    return { data: params.ids };
  },

  async delete(resource: string, params: DeleteParams) {
    await call(`/${resource}/${params.id}`, { method: "DELETE" });
    return { data: params.previousData ?? { id: params.id } };
  },

  async deleteMany(resource: string, params: { ids: Identifier[] }) {
    await Promise.all(params.ids.map((id) => call(`/${resource}/${id}`, { method: "DELETE" })));
    return { data: params.ids };
  },
} as unknown as DataProvider; // react-admin's generics promise any record type; the server decides what it is
