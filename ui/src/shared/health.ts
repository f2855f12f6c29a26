import { useQuery } from "@tanstack/react-query";

export interface Component {
  status: string;
  sentence?: string;
  /** The senders': how each provider does. */
  providers?: unknown;
}

export interface Health {
  status: string;
  components: Record<string, Component>;
}

/** Every component's state. A failing one answers 503 with the same body. */
async function fetchHealth(): Promise<Health> {
  const response = await fetch("/healthz", { headers: { Accept: "application/json" } });
  return (await response.json()) as Health;
}

export function useHealth() {
  return useQuery({ queryKey: ["health"], queryFn: fetchHealth, refetchInterval: 5000, retry: false });
}
