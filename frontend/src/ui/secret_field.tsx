import {
  useEffect,
  useRef,
  useState,
  type ClipboardEvent,
  type DragEvent,
  type ReactNode,
} from "react";
import { useTranslation } from "react-i18next";
import { TextField } from "./field.tsx";

/** Where the browser cannot cover what is typed, it stands there openly: a password field would offer to save it. */
const CAN_COVER = CSS.supports("-webkit-text-security", "disc");

/**
 * Where passphrases and backup codes are typed. No password field, for a browser offers to save what is typed into one, whatever
 * `autocomplete` says; and with `autocomplete=off`, without which a text field's content goes into the history of forms and into what is kept to
 * restore a session. Spelling and writing aids, which send text away, and password managers are told to keep off.
 */
export function SecretField({
  value,
  onChange,
  ...rest
}: {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  className?: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  const [covered, setCovered] = useState(CAN_COVER);
  // Set as a property, for as an attribute it would be part of the document, and of the page where somebody saves it.
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current !== null && input.current.value !== value) input.current.value = value;
  }, [value]);
  // As with a password field, what is covered cannot be carried away uncovered.
  const keep = (event: ClipboardEvent | DragEvent) => covered && event.preventDefault();
  return (
    <TextField
      {...rest}
      {...QUIET}
      type="text"
      className={`${rest.className ?? ""} ${CAN_COVER ? "pr-14" : ""} ${covered ? "covered" : ""}`}
      ref={input}
      onChange={(event) => onChange(event.target.value)}
      onCopy={keep}
      onCut={keep}
      onDragStart={keep}
      after={
        CAN_COVER && (
          <button
            type="button"
            aria-pressed={!covered}
            aria-label={t("secret.show")}
            onClick={() => setCovered(!covered)}
            className="absolute inset-y-0 right-0 grid w-12 place-items-center rounded-r-lg text-soft hover:text-ink"
          >
            <svg viewBox="0 0 24 24" width="22" height="22" fill="none" aria-hidden="true">
              <g stroke="currentColor" strokeWidth="1.7" strokeLinecap="round">
                <path d="M2.5 12c2.4-4.3 5.6-6.5 9.5-6.5s7.100 2.200 9.500 6.500c-2.400 4.300-5.600 6.500-9.500 6.500s-7.100-2.200-9.500-6.500z" />
                <circle cx="12" cy="12" r="3" />
                {covered && <path d="M4.5 19.5l15-15" />}
              </g>
            </svg>
          </button>
        )
      }
    />
  );
}

const QUIET = {
  autoComplete: "off",
  autoCapitalize: "none",
  autoCorrect: "off",
  spellCheck: false,
  translate: "no",
  writingsuggestions: "false",
  "data-1p-ignore": "",
  "data-bwignore": "",
  "data-lpignore": "true",
  "data-form-type": "other",
} as const;
