import { useRef } from "preact/hooks";

/** The former value for as long as new ones say the same: what is made of it is not made anew at each snapshot. */
export function useSame<T>(value: T): T {
  const last = useRef(value);
  if (JSON.stringify(last.current) !== JSON.stringify(value)) {
    last.current = value;
  }
  return last.current;
}
