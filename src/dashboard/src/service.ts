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
