import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/shared/errors";

/** Ask again only when the server did not answer at all: what it refused, it refuses the second time too. */
function shouldRetry(failures: number, error: unknown): boolean {
  return failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 502);
}

export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: shouldRetry, staleTime: 1000 } },
});
