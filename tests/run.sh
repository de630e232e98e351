#!/usr/bin/env bash
# Runs every test, all set-up included: bash tests/run.sh
#
# On a fresh machine with the .NET 10 SDK it installs what else is missing where it may (as root, or with a sudo that asks
# nothing), else says exactly what to install. It ends with one line, summed over all suites: "N passed, N failed" (with
# ", N skipped" where there are any), and fails where anything failed or nothing ran.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
exec </dev/null

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Build nodes that outlive the run would hold its output open.
export MSBUILDDISABLENODEREUSE=1

work=$(mktemp -d "${TMPDIR:-/tmp}/scenarios-tests.XXXXXX")
trap 'kill "${server:-}" 2>/dev/null; rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0
# Services that the tests start keep nothing in the user's folder.
export Storage__Path="$work/scenarios.db"

finish() {
  local line="$passed passed, $failed failed"
  [ "$skipped" -gt 0 ] && line+=", $skipped skipped"
  printf '\n%s\n' "$line"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
  exit
}

give_up() {
  printf '%s\n' "$@" >&2
  failed=$((failed + 1))
  finish
}

# check NAME COMMAND...: counts as one test; what the command prints is shown where it fails.
check() {
  local name=$1 began=$SECONDS
  shift
  if "$@" >"$work/check.log" 2>&1; then
    passed=$((passed + 1))
    printf 'ok      %s (%d s)\n' "$name" $((SECONDS - began))
  else
    failed=$((failed + 1))
    printf 'FAILED  %s: %s\n' "$name" "$*"
    sed 's/^/        /' "$work/check.log"
    return 1
  fi
}

# ---- What the machine must have.

sdk=$(dotnet --version 2>&1) || give_up "The .NET 10 SDK is needed (see global.json). dotnet says: ${sdk:-it is not on the PATH}"

# need PACKAGES TEST...: installs Debian packages where the test fails, and tests again.
need() {
  local packages=$1 as=()
  shift
  "$@" >/dev/null 2>&1 && return
  [ "$(id -u)" -eq 0 ] || as=(sudo -n)
  if command -v apt-get >/dev/null && { [ "${#as[@]}" -eq 0 ] || sudo -n true 2>/dev/null; }; then
    echo "installing $packages"
    if [ ! -e "$work/apt-updated" ]; then
      "${as[@]}" apt-get update -qq >"$work/apt.log" 2>&1 && touch "$work/apt-updated"
    fi
    # shellcheck disable=SC2086  # several packages
    "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages \
      >>"$work/apt.log" 2>&1
    "$@" >/dev/null 2>&1 && return
    sed 's/^/        /' "$work/apt.log"
  fi
  give_up "The tests need: $packages" \
    "Install them, for instance: sudo apt-get update && sudo apt-get install -y $packages"
}
need "nodejs npm" node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 18 ? 0 : 1)'
need "npm" npm --version
# Debian's gRPC for Python works with Debian's Python only, whatever else is first on the PATH.
need "python3 python3-grpcio python3-protobuf" /usr/bin/python3 -c 'import google.protobuf, grpc'
# Debian keeps the server's programs off the PATH, one folder a version.
need "postgresql" bash -c 'command -v initdb || compgen -G "/usr/lib/postgresql/*/bin/initdb"'
need "python3 python3-numpy python3-scipy" /usr/bin/python3 -c 'import numpy, scipy'
# Who is not root runs it in its sandbox, which is a package of its own.
need "chromium chromium-sandbox" "${CHROMIUM:-/usr/bin/chromium}" --version

# The page is laid out in each of these, whatever the machine has.
fonts() {
  local file
  for file in truetype/dejavu/DejaVuSans.ttf truetype/noto/NotoSans-Regular.ttf truetype/liberation*/LiberationSans-Regular.ttf opentype/inter/Inter-Regular.otf; do
    compgen -G "/usr/share/fonts/$file" || return
  done
}
need "fonts-dejavu-core fonts-noto-core fonts-liberation fonts-inter" fonts

# ---- Build.

check "packages as locked" dotnet restore Scenarios.sln --locked-mode || finish
check "build without warnings" dotnet build Scenarios.sln -c Release --no-restore -v quiet -clp:NoSummary || finish
check "npm packages as locked" npm ci --prefix tests/clients --no-progress || finish
check "npm packages of the dashboard as locked" npm ci --prefix src/dashboard --no-progress || finish
check "npm packages of the dashboard's tests as locked" npm ci --prefix tests/dashboard.Tests --no-progress || finish

# ---- Form.

buf() { (cd protos && ../tests/clients/node_modules/@bufbuild/buf-linux-x64/bin/buf "$@"); }
check "code is formatted" dotnet format Scenarios.sln --no-restore --verify-no-changes
check "protos follow the style" buf lint
check "protos are formatted" buf format --diff --exit-code

# ---- The dashboard: what is committed is what its sources make.

dashboard() { (cd src/dashboard && "$@"); }
built_again() { dashboard npx vite build --outDir "$work/wwwroot" --emptyOutDir && diff -r "$work/wwwroot" src/Scenarios.Service/wwwroot; }
generated_again() {
  dashboard node_modules/@bufbuild/buf-linux-x64/bin/buf generate --output "$work/generated" && diff -r "$work/generated/src/gen" src/dashboard/src/gen
}
check "dashboard: types" dashboard npm run typecheck
check "dashboard: the messages are generated from the protos" generated_again
check "dashboard: wwwroot is built from the sources" built_again

dashboard npx vitest run --reporter=default --reporter=json --outputFile="$work/vitest.json" >"$work/vitest.log" 2>&1
units=$?
vitest() { node -p "JSON.parse(require('fs').readFileSync('$work/vitest.json'))['num$1Tests'] || 0" 2>/dev/null || echo 0; }
units_passed=$(vitest Passed) units_failed=$(vitest Failed)
passed=$((passed + units_passed))
failed=$((failed + units_failed))
skipped=$((skipped + $(vitest Pending) + $(vitest Todo)))
if [ "$units" -ne 0 ] || [ "$units_passed" -eq 0 ]; then
  echo "FAILED  dashboard: unit tests"
  sed 's/^/        /' "$work/vitest.log"
  [ "$units_failed" -gt 0 ] || failed=$((failed + 1))
else
  printf 'ok      dashboard: unit tests: %s\n' "$units_passed"
fi

# ---- Tests in .NET. A test that hangs is ended and named.

mkdir "$work/trx"
dotnet test Scenarios.sln -c Release --no-build -m:1 --results-directory "$work/trx" --logger trx \
  --logger "console;verbosity=minimal" --blame-hang --blame-hang-timeout 5m --blame-hang-dump-type none
dotnet_test=$?
# The counter notExecuted stays 0 for skipped tests: skipped is what is left of the total.
count() { sed -n "s/.*<Counters .*$1=\"\([0-9]*\)\".*/\1/p" "$work"/trx/*.trx 2>/dev/null | awk '{ n += $1 } END { print n + 0 }'; }
executed=$(count executed)
in_order=$(count passed)
passed=$((passed + in_order))
failed=$((failed + executed - in_order))
skipped=$((skipped + $(count total) - executed))
if [ "$executed" -eq 0 ]; then
  echo "FAILED  dotnet test ran no test"
  failed=$((failed + 1))
elif [ "$dotnet_test" -ne 0 ] && [ "$executed" -eq "$in_order" ]; then
  echo "FAILED  dotnet test: exit code $dotnet_test, though every test that ran passed"
  failed=$((failed + 1))
fi

# ---- Against the built service: clients of other ecosystems (Node, Python, buf, plain HTTP), and its page in a browser.

# node_suite NAME FOLDER SECONDS: runs the node tests of a folder, and counts each.
node_suite() {
  local name=$1 folder=$2 seconds=$3 log=$work/node.tap ended wrong
  (cd "$folder" && timeout "$seconds" node --test --test-reporter=tap) >"$log" 2>&1
  ended=$?
  tap() { sed -n "s/^# $1 \([0-9]*\)$/\1/p" "$log" | tail -n 1 | grep . || echo 0; }
  wrong=$(($(tap fail) + $(tap cancelled)))
  passed=$((passed + $(tap pass)))
  failed=$((failed + wrong))
  skipped=$((skipped + $(tap skipped)))
  if [ "$ended" -ne 0 ]; then
    echo "FAILED  $name"
    sed 's/^/        /' "$log"
    [ "$wrong" -gt 0 ] || failed=$((failed + 1))
  else
    printf 'ok      %s: %s\n' "$name" "$(tap pass)"
  fi
}
node_suite "clients of other ecosystems" tests/clients 600
node_suite "the dashboard in Chromium" tests/dashboard.Tests 1200

# ---- The model in Python, written from the description of the model alone, against the service.

free_port() { /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
crosscheck() {
  local http service=src/Scenarios.Service/bin/Release/net10.0/Scenarios.Service.dll verdict
  http=http://127.0.0.1:$(free_port)
  dotnet "$service" --Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:0 --Kestrel:Endpoints:Http:Url="$http" >"$work/service.log" 2>&1 &
  server=$!
  timeout 60 bash -c "until grep -q 'Application started' '$work/service.log'; do kill -0 $server && sleep 0.1 || exit; done"
  timeout 900 /usr/bin/python3 tests/crosscheck/check.py "$http" >"$work/crosscheck.log" 2>&1
  verdict=$?
  kill "$server" 2>/dev/null && wait "$server"
  return "$verdict"
}
if crosscheck; then
  grep -v '^[0-9]* passed' "$work/crosscheck.log"
else
  echo "FAILED  the service against the model in Python"
  sed 's/^/        /' "$work/crosscheck.log"
  tail -n 20 "$work/service.log" | sed 's/^/        /'
fi
# The last line is "N passed, N failed", a scenario each; without it the check itself failed.
agreed=$(sed -n '$s/^\([0-9]*\) passed, [0-9]* failed$/\1/p' "$work/crosscheck.log")
disagreed=$(sed -n '$s/^[0-9]* passed, \([0-9]*\) failed$/\1/p' "$work/crosscheck.log")
passed=$((passed + ${agreed:-0}))
failed=$((failed + ${disagreed:-1}))

finish
