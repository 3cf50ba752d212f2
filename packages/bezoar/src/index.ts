export { AppError, type ErrorCode } from "./core/errors.ts";
export type {
  Control,
  Effect,
  Evidence,
  Finding,
  Rate,
  Sample,
  SampleText,
  Severity,
  Target,
  TestResult,
  Trigger,
} from "./core/finding.ts";
export { reportSchema, type Report, type SubjectFile, type Unreadable, type Verdict } from "./core/report.ts";
export { RULES, type Rule } from "./core/rules.ts";
export type { OnProgress, Progress } from "./dataset/progress.ts";
export type { ScanOptions } from "./dataset/scan-options.ts";
export { scanDataset } from "./dataset/scan.ts";
export { createAsk, type Ask, type AskOptions, type Message } from "./endpoint/ask.ts";
export type { EndpointOptions } from "./endpoint/client.ts";
export { createEmbedder, type Embed, type EmbedderOptions } from "./endpoint/embed.ts";
export type { Json } from "./formats/record.ts";
