/** What the person's system prefers, and the colours of the page, which stand in style.css and nowhere else. */
import { fromEvent, type Observable } from 'rxjs';

const darkScheme = matchMedia('(prefers-color-scheme: dark)');
const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');

export const prefersReducedMotion = (): boolean => reducedMotion.matches;

const known = new Map<string, string>();

/** Emits when the colours of the page have changed. */
export const schemeChanges$: Observable<Event> = fromEvent(darkScheme, 'change');
schemeChanges$.subscribe(() => known.clear());

/** The present value of a custom property of style.css, such as `--floor`. */
export function styleColor(property: `--${string}`): string {
  let value = known.get(property);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(property).trim();
    known.set(property, value);
  }
  return value;
}
