/** Numbers as documents and messages write them. */

/** `110,016` */
export const wholeNumber = (value: number): string => Math.round(value).toLocaleString('en-US');

/** `−147.7`, with a minus sign, not a hyphen. */
export const decimal = (value: number, digits = 1): string => value.toFixed(digits).replace('-', '−');

/** `98 %` of 0.98. */
export const percent = (part: number, digits = 0): string => `${(100 * part).toFixed(digits)} %`;
