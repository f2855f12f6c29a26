/** One finding of a check, as every room of the server reports it. */
export interface Problem {
  code: string;
  message: string;
  where: string;
  severity: string;
  advice: string;
}

/** What the server refused, as its error envelope says it. `status` 0: it did not answer at all. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly problems: Problem[];
  readonly fields: Record<string, unknown>;
  /** react-admin puts these messages beside the inputs of the same name. */
  readonly body: { errors: Record<string, unknown> };

  constructor(
    status: number,
    code: string,
    message: string,
    problems: Problem[] = [],
    fields: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.problems = problems;
    this.fields = fields;
    this.body = { errors: code === "invalid_input" ? fields : {} };
  }

  /** Seconds until the server wants to be asked again, or 0. */
  get retryAfterSeconds(): number {
    return Number(this.fields.retry_after_seconds ?? 0) || 0;
  }
}

interface Envelope {
  error?: { code?: string; message?: string; problems?: Problem[]; fields?: Record<string, unknown> };
}

export async function readError(response: Response): Promise<ApiError> {
  const fallback = `The server answered ${response.status}. Try again, or look at the health page.`;
  try {
    const { error } = (await response.json()) as Envelope;
    return new ApiError(
      response.status,
      error?.code ?? "error",
      error?.message ?? fallback,
      error?.problems ?? [],
      error?.fields ?? {},
    );
  } catch {
    return new ApiError(response.status, "error", fallback);
  }
}

/** The sentence to show for anything that was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error && error.message ? error.message : "Something went wrong. Try again.";
}
