import { signal } from "@preact/signals";
import { ConnectError } from "@connectrpc/connect";
import { render } from "preact";
import { Emphasis } from "./emphasis";
import type { ProjectResponse } from "./gen/scenarios/v1/projection_service_pb";
import { projections } from "./service";

const latest = signal<ProjectResponse | null>(null);
const fault = signal<string | null>(null);

function Answer() {
  if (fault.value !== null) {
    return <p role="alert">{fault.value}</p>;
  }
  const projection = latest.value?.projection;
  if (!projection) {
    return <p class="sentence quiet">Projecting.</p>;
  }
  return (
    <main>
      <h1 class="sentence"><Emphasis text={projection.headline} /></h1>
      <p><Emphasis text={projection.consequence} /></p>
      <p class="quiet">{projection.paths.toLocaleString("en")} paths</p>
    </main>
  );
}

render(<Answer />, document.getElementById("page")!);

try {
  for await (const snapshot of projections.project({
    source: { case: "scenarioName", value: "scenarios/dprk-rotation" },
    paths: 1_000_000n,
  })) {
    latest.value = snapshot;
  }
} catch (error) {
  fault.value = ConnectError.from(error).rawMessage;
}
