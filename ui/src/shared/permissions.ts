import { useGetIdentity, usePermissions } from "react-admin";

export type Permission = "view" | "edit" | "go_live" | "export" | "administer";

/** Whether the person who is signed in may do something. False until that is known. */
export function useMay(permission: Permission): boolean {
  const { permissions } = usePermissions<string[]>();
  return permissions?.includes(permission) ?? false;
}

const MANAGERS = new Set(["administrator", "marketing_manager"]);

/** Whether the person who is signed in sees every business unit's records. False until that is known. */
export function useSeesEverything(): boolean {
  const { identity } = useGetIdentity();
  return MANAGERS.has(String(identity?.role ?? ""));
}
