/** What can go wrong that a person can act on; the command line turns each into exit code 2. */
export type ErrorCode =
  | "not-found"
  | "not-readable"
  | "unknown-format"
  | "no-data"
  | "unknown-field"
  | "single-label"
  | "bad-option"
  | "bad-policy"
  | "bad-report"
  | "bad-model"
  | "unknown-rule"
  | "endpoint"
  | "output"
  | "interrupted";

/** Expected failure: the message is for the person at the terminal and says what to do. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
