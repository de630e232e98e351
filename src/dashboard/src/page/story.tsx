import { computed, signal } from "@preact/signals";
import { faultOf } from "../asking/faults";
import type { ReplayEntry } from "../gen/scenarios/v1/projection_service_pb";
import { shortDate } from "../numbers/dates";
import { projection } from "../page";
import { projections } from "../service";
import { typeset } from "../typeset";

/** A sample future that the reader wants told. */
interface Told {
  /** The projection that it is a future of: in another one this future goes otherwise. */
  readonly of: string;
  readonly index: number;
  readonly entries: readonly ReplayEntry[] | null;
  readonly fault: string;
}

const told = signal<Told | null>(null);

/** The future that is told, of the projection on the page. */
export const telling = computed(() => (told.value?.of === projection.value?.name ? told.value : null));

/** Tells a sample future. */
export async function tell(index: number): Promise<void> {
  const of = projection.value;
  if (!of?.scenario) {
    return;
  }
  const asked: Told = { of: of.name, index, entries: null, fault: "" };
  told.value = asked;
  try {
    const { entries } = await projections.replayPath({ source: { case: "scenario", value: of.scenario }, seed: of.seed, pathIndex: BigInt(index) });
    if (told.value === asked) {
      told.value = { ...asked, entries };
    }
  } catch (error) {
    const found = faultOf(error);
    if (told.value === asked) {
      told.value = { ...asked, fault: "message" in found ? found.message : "The service cannot be reached." };
    }
  }
}

/** What happens in the future that is told, by its dates. */
export function Story() {
  if (!telling.value) {
    return null;
  }
  const { index, entries, fault } = telling.value;
  return (
    <section class="told" aria-label={`Future ${index}`}>
      <div class="heading">
        <h2>Future {index}, told</h2>
        <button type="button" class="plain" onClick={() => { told.value = null; }}>Close</button>
      </div>
      {fault && <p role="alert">{typeset(fault)}</p>}
      {entries && (
        <ol>
          {entries.map(({ date, sentence }, step) => (
            <li key={step}>{date && <strong>{shortDate(date)}</strong>} {typeset(withoutDay(sentence))}</li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** The service counts the days; beside the date they would only be in the way. */
const withoutDay = (sentence: string) => sentence.replace(/^day -?[\d.,]+: /i, "");
