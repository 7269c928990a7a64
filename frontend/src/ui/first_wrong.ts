/** Brings whoever pressed too early to the first thing that is wrong: on a phone it may be far above. */
export function showFirstWrong(form: HTMLElement | null): void {
  // What is wrong is drawn by the press itself.
  requestAnimationFrame(() => {
    const wrong = form?.querySelector<HTMLElement>('[aria-invalid="true"], [role="alert"]');
    wrong?.scrollIntoView({ block: "center" });
    wrong?.focus({ preventScroll: true });
  });
}
