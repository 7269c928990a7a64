import ical, { ICalAlarmType } from "ical-generator";
import { dateOf } from "../../src/index.ts";

/** A day of a round that people write down. `until` where it lasts; seconds since 1970. */
export type CalendarDay = {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly at: number;
  readonly until: number;
  /** Seconds before it at which the calendar reminds, if it shall. */
  readonly remind?: number;
};

/** A round's days as a file for calendars (RFC 5545). Of a donor it says nothing. */
export function formatCalendar(
  name: string,
  url: string,
  days: readonly CalendarDay[],
  now: number,
): string {
  const calendar = ical({ name, prodId: { company: "Tacit", product: "Tacit" } });
  for (const { id, title, text, at, until, remind } of days) {
    const event = calendar.createEvent({
      id,
      stamp: dateOf(now),
      start: dateOf(at),
      end: dateOf(until),
      summary: title,
      description: text,
      url,
    });
    if (remind !== undefined)
      event.createAlarm({ type: ICalAlarmType.display, trigger: remind, description: title });
  }
  return calendar.toString();
}
