/**
 * Brings a reader to what has taken the place of what was pressed: the focus would be nowhere, and a phone would show what stands
 * below. Who is busy elsewhere, in a dialog say, is left alone.
 */
export function arriveAt(element: HTMLElement | null): void {
  if (element === null) return;
  const { activeElement, body } = document;
  if (activeElement !== body && element.closest("ol")?.contains(activeElement) !== true) return;
  element.focus({ preventScroll: true });
  const { top } = element.getBoundingClientRect();
  if (top < 0 || top > innerHeight / 2) element.scrollIntoView({ block: "start" });
}
