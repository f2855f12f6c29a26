import { useRedirect } from "react-admin";
import { call } from "@/shared/http";
import type { Email } from "@/shared/model";
import { useAct } from "@/shared/useAct";

/** Makes a draft that begins as a template, and opens it. */
export function useBeginEmail() {
  const { busy, act } = useAct();
  const redirect = useRedirect();
  async function begin(template: number) {
    const path = `/email-templates/${template}/emails`;
    const made = await act(() => call<Email>(path, { method: "POST", body: {} }));
    if (made) redirect("edit", "emails", made.id);
  }
  return { busy, begin };
}
