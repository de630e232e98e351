"""A Python client without generated code: projects and prints what came, as JSON.

    /usr/bin/python3 project.py IMAGE TARGET REQUEST

IMAGE is a descriptor set made by `buf build`, TARGET a host and port, REQUEST a ProjectRequest in JSON. Prints one object:
{"snapshots": [paths of each message], "last": the last message}, or {"error": {"code", "violations": [field, ...]}}.
"""

import json
import sys

import grpc
from google.protobuf import descriptor_pb2, json_format, message_factory

DEADLINE_SECONDS = 60


def messages_of(image):
    """The classes of all messages in a descriptor set, by full name."""
    files = descriptor_pb2.FileDescriptorSet()
    with open(image, "rb") as source:
        files.ParseFromString(source.read())
    return message_factory.GetMessages(files.file)


def violations_of(error, messages):
    """The fields that google.rpc.BadRequest complains of."""
    trailers = dict(error.trailing_metadata())
    status = messages["google.rpc.Status"].FromString(trailers["grpc-status-details-bin"])
    for detail in status.details:
        if detail.type_url.endswith("/google.rpc.BadRequest"):
            return [v.field for v in messages["google.rpc.BadRequest"].FromString(detail.value).field_violations]
    return []


def main(image, target, request):
    messages = messages_of(image)
    ask = json_format.Parse(request, messages["scenarios.v1.ProjectRequest"]())
    with grpc.insecure_channel(target) as channel:
        project = channel.unary_stream(
            "/scenarios.v1.ProjectionService/Project",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=messages["scenarios.v1.ProjectResponse"].FromString,
        )
        try:
            answers = list(project(ask, timeout=DEADLINE_SECONDS))
        except grpc.RpcError as error:
            return {"error": {"code": error.code().name, "violations": violations_of(error, messages)}}
    return {
        "snapshots": [answer.projection.paths for answer in answers],
        "last": json_format.MessageToDict(answers[-1]),
    }


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
