import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { ProjectionService } from "./gen/scenarios/v1/projection_service_pb";

/** The service that served the page, by gRPC-Web. */
const transport = createGrpcWebTransport({ baseUrl: location.origin });

export const projections = createClient(ProjectionService, transport);
