import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/shared/errors";

/** Ask again only when the server did not answer at all: what it refused, it refuses the second time too. */
function shouldRetry(failures: number, error: unknown): boolean {
  return failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 502);
}

export const queryClient = new QueryClient({
  // A record that is known from a list's row has not all of its columns: it is asked for in any case.
  defaultOptions: {
    queries: { retry: shouldRetry, staleTime: ({ queryKey }) => (queryKey[1] === "getOne" ? 0 : 1000) },
  },
});
