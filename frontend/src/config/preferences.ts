/** The only things that stay on the device in the clear: how the page shall look. Nothing about rounds, accounts or ballots. */
type Preference = "language" | "theme";

export function recall(name: Preference): string | undefined {
  try {
    return localStorage.getItem(`tacit.${name}`) ?? undefined;
  } catch {
    return undefined; // storage may be forbidden
  }
}

export function remember(name: Preference, value: string): void {
  try {
    localStorage.setItem(`tacit.${name}`, value);
  } catch {
    // The choice then lasts as long as the page.
  }
}
