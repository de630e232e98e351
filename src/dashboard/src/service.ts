import { createClient, type Interceptor } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { ProjectionService } from "./gen/scenarios/v1/projection_service_pb";
import { ScenarioService } from "./gen/scenarios/v1/scenario_service_pb";

// Kept by this page alone and gone with it: what a browser stores, others on the machine may read.
let token = "";

/** Sends a bearer token with every call from now on. */
export function present(bearer: string): void {
  token = bearer.trim();
}

const authorized: Interceptor = (next) => (call) => {
  if (token !== "") {
    call.header.set("authorization", `Bearer ${token}`);
  }
  return next(call);
};

/** The service that served the page, by gRPC-Web. */
const transport = createGrpcWebTransport({ baseUrl: location.origin, interceptors: [authorized] });

export const projections = createClient(ProjectionService, transport);
export const scenarios = createClient(ScenarioService, transport);

/** Bytes of an empty message, and of the answer of one that serves: a frame of gRPC-Web, and in that field 1 with the value 1. */
const nothing = new Uint8Array(5);
const serving = [0, 0, 0, 0, 2, 8, 1];

/** Asks the standard health service, which costs next to nothing. Its two messages are known here by their bytes. */
export async function isServing(signal: AbortSignal): Promise<boolean> {
  const response = await fetch("/grpc.health.v1.Health/Check", {
    method: "POST", headers: { "content-type": "application/grpc-web+proto", "x-grpc-web": "1" }, body: nothing, signal,
  });
  const said = new Uint8Array(await response.arrayBuffer());
  return response.ok && serving.every((byte, index) => said[index] === byte);
}
