/** A share in percent with one digit: `97.5 %`. */
export const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

/** An interval in whole percent: `95–99`. */
export const interval = ({ low, high }: { readonly low: number; readonly high: number }): string =>
  `${Math.round(100 * low)}–${Math.round(100 * high)}`;
