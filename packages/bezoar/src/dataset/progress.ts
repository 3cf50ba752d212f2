/** How far a scan is; `done` and `total` share a unit within one step. */
export type Progress = {
  readonly step: string;
  readonly done: number;
  readonly total: number | undefined;
  readonly unit: "bytes" | "steps";
  /** Rows read so far, while reading. */
  readonly rows?: number;
};
export type OnProgress = (progress: Progress) => void;
