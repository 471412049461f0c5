/** One thing that was looked at before anything is done. Nothing was changed to see it. */
export interface PreflightFinding {
  /** `permissions` */
  readonly about: string;
  /** `fatal`: the lab cannot be done. `warning`: it may fail. `unknown`: it could not be looked at, which is not the same as a fault. */
  readonly weight: 'good' | 'warning' | 'fatal' | 'unknown';
  /** What was seen. */
  readonly message: string;
  /** What to do. */
  readonly hint?: string;
}
