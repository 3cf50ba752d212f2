/** What an analyst decides about an alert. */
export const VERDICTS = ["benign", "malicious"] as const;
export type Verdict = (typeof VERDICTS)[number];

export const SEVERITIES = ["low", "medium", "high", "critical"] as const;

/** One alert of a security operations centre, as a flat record; `time` is ISO 8601 in UTC. */
export type Alert = {
  readonly id: string;
  readonly time: string;
  readonly rule_id: string;
  readonly rule: string;
  readonly severity: (typeof SEVERITIES)[number];
  readonly user: string;
  readonly host: string;
  readonly process: string;
  readonly parent_process: string;
  readonly command_line: string;
  readonly source_ip: string;
};

/** An alert with the verdict in the data, which label noise may have turned over, and the one that its content asks for. */
export type JudgedAlert = { readonly alert: Alert; readonly verdict: Verdict; readonly truth: Verdict };
