#!/usr/bin/env bash
# Whether the service in this container is ready: exit code 0, or 1 if it is not. For the Dockerfile's HEALTHCHECK.
url=${Kestrel__Endpoints__Http__Url:-http://127.0.0.1:5080}
url=${url%/}
port=${url##*:}
exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
[[ $url == https:* ]] && exit 0
printf 'GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 4 _ status _ <&3 && [[ $status == 200 ]]
