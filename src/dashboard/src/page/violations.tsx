import type { Violation } from "../asking/faults";
import { fault } from "../page";
import { typeset } from "../typeset";

/** What is wrong at a key of the overrides, or below it. */
export function violationsAt(key: string): readonly Violation[] {
  const found = fault.value;
  return found?.kind === "rules" ? found.violations.filter((violation) => violation.key === key || violation.key.startsWith(`${key}.`)) : [];
}

/** What is wrong, what is allowed, and the mends as buttons that do it. */
export function Violations({ found, onMend }: { found: readonly Violation[]; onMend: (text: string) => void }) {
  return (
    <>
      {found.map(({ path, problem, advice, mends }) => (
        <div class="violation" key={path}>
          <p role="alert"><strong>{typeset(problem)}</strong> {typeset(advice)}</p>
          {mends.length > 0 && (
            <p class="mends">
              {mends.map(({ label, text }) => (
                <button type="button" class="button" key={label} onClick={() => onMend(text)}>{label}</button>
              ))}
            </p>
          )}
          <p><code>{path}</code></p>
        </div>
      ))}
    </>
  );
}
