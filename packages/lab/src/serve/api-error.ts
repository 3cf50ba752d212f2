import { AppError } from "bezoar";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { z } from "zod";

/** What a client did wrong, in the words and with the codes of OpenAI's API. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: ContentfulStatusCode;
  readonly code: string | null;
  /** The field of the request that is wrong. */
  readonly param: string | null;
  constructor(
    status: ContentfulStatusCode,
    message: string,
    { code = null, param = null }: { readonly code?: string | null; readonly param?: string | null } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = param;
  }
}

/** The body of a failed request as OpenAI's API has it. */
export type ErrorBody = {
  readonly error: {
    readonly message: string;
    readonly type: "invalid_request_error" | "server_error";
    readonly param: string | null;
    readonly code: string | null;
  };
};

/** The body that tells a client's mistake. */
export function errorBody({ message, param, code }: ApiError): ErrorBody {
  return { error: { message, type: "invalid_request_error", param, code } };
}

/** The body that tells a failure of the server's own; its details stay here, unless they are meant for people. */
export function serverErrorBody(error: unknown): ErrorBody {
  const message =
    error instanceof AppError ? error.message : "The server had an error while processing your request";
  return { error: { message, type: "server_error", param: null, code: null } };
}

/** Names shown in a message; a request may hold thousands of them. */
const MAX_SHOWN = 200;

/** The first thing that a schema has against a request. */
export function schemaError(error: z.ZodError): ApiError {
  const [issue] = error.issues;
  if (issue === undefined) return new ApiError(400, "Invalid request");
  if (issue.code === "unrecognized_keys") {
    const name = pathOf([...issue.path, issue.keys[0] ?? ""]).slice(0, MAX_SHOWN);
    return new ApiError(400, `Unrecognized request argument supplied: ${name}`, {
      code: "unknown_parameter",
      param: name,
    });
  }
  const param = pathOf(issue.path);
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) {
    return new ApiError(400, `Missing required parameter: '${param}'`, {
      code: "missing_required_parameter",
      param,
    });
  }
  const where = param === "" ? "Invalid request" : `Invalid '${param}'`;
  const code = codeOf(issue);
  return new ApiError(400, `${where}: ${issue.message.slice(0, MAX_SHOWN)}`, {
    code,
    param: param === "" ? null : param,
  });
}

function codeOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "custom" && issue.params?.["code"] === UNSUPPORTED) return UNSUPPORTED;
  return issue.code === "invalid_type" ? "invalid_type" : "invalid_value";
}

/** The code of a field that OpenAI's API has and this one has not. */
export const UNSUPPORTED = "unsupported_parameter";

/** `messages[0].content` */
function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((key, i) => (typeof key === "number" ? `[${key}]` : `${i === 0 ? "" : "."}${String(key)}`))
    .join("");
}
