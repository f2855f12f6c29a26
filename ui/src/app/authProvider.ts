import type { AuthProvider } from "react-admin";
import { ApiError } from "@/shared/errors";
import { call } from "@/shared/http";
import type { Me } from "@/shared/model";

let asked: Promise<Me> | null = null;

/** Who is signed in, asked once until somebody signs in or out. Throws ApiError 401 for nobody. */
function fetchMe(): Promise<Me> {
  asked ??= call<Me>("/auth/me").catch((error) => {
    asked = null;
    throw error;
  });
  return asked;
}

export function forgetMe(): void {
  asked = null;
}

const ADMINISTRATION = new Set(["users", "business-units", "custom-columns"]);

const MADE_BY_ADMINISTRATORS = new Set(["sending-domains"]);

function isAllowed(me: Me, resource: string, action: string): boolean {
  if (ADMINISTRATION.has(resource)) return me.permissions.includes("administer");
  if (action === "create" && MADE_BY_ADMINISTRATORS.has(resource))
    return me.permissions.includes("administer");
  if (action === "create" || action === "delete") return me.permissions.includes("edit");
  if (action === "export") return me.permissions.includes("export");
  return me.permissions.includes("view");
}

/** Sign in and out by session cookie; what somebody may do comes from the server. */
export const authProvider: AuthProvider = {
  async login({ email, password }: { email: string; password: string }) {
    forgetMe();
    await call("/auth/login", { method: "POST", body: { email, password } });
  },
  async logout() {
    const wasSignedIn = asked !== null;
    forgetMe();
    if (wasSignedIn) await call("/auth/logout", { method: "POST" }).catch(() => undefined);
  },
  async checkAuth() {
    await fetchMe();
  },
  async checkError(error) {
    if (error instanceof ApiError && error.status === 401) {
      forgetMe();
      throw error;
    }
  },
  async getIdentity() {
    const me = await fetchMe();
    return { ...me, id: me.id, fullName: me.name };
  },
  async getPermissions() {
    return (await fetchMe()).permissions;
  },
  async canAccess({ resource, action }) {
    return isAllowed(await fetchMe(), resource, action);
  },
};
