#!/usr/bin/env bash
# The viewer beside nginx with the same bytes as files: requests for each second of processor time, plain and
# compressed, in turns. `make bench-serving`; docs/benchmarks.md explains it.
#   serving.sh TALKNOTES [NOTES]
# SECONDS_EACH: how long each measurement takes; ROUNDS: how often.
set -euo pipefail

talknotes=$1
notes=${2:-$(dirname "$0")/../examples/notes}
seconds=${SECONDS_EACH:-4}
rounds=${ROUNDS:-3}

for program in nginx wrk taskset curl; do
  path=$(PATH=$PATH:/usr/sbin command -v "$program") || {
    echo "serving: skipped, $program is missing (Debian: apt-get install nginx wrk util-linux curl)" >&2
    exit 0
  }
  declare "$program=$path"
done
if [ "$(nproc)" -lt 2 ]; then
  echo "serving: skipped, it takes two cores: one serves, one asks" >&2
  exit 0
fi

folder=$(mktemp -d)
# Of root, nginx reads as nobody.
chmod 755 "$folder"
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait
  rm -rf "$folder"
}
trap finish EXIT

# A loopback address that is free now.
port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 20000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

ours=127.0.0.1:$(port)
TOKIO_WORKER_THREADS=1 "$taskset" -c 0 "$talknotes" preview "$notes" --address "$ours" >"$folder/log" 2>&1 &
viewer=$!
pids+=("$viewer")
for _ in $(seq 100); do
  "$curl" -fs "http://$ours/readyz" >"$folder/ready" 2>&1 && break
  sleep 0.1
done
"$curl" -fs "http://$ours/readyz" >"$folder/ready" || { cat "$folder/log" >&2; exit 1; }
page=$("$curl" -fs "http://$ours/" | grep -o '<a href="/preview/[^"/]*/[^"/]*"' | head -n 1 | cut -d '"' -f 2)

# The same bytes, in the encodings that the viewer sends.
mkdir "$folder/files"
for coding in identity gzip br; do
  "$curl" -fs -H "accept-encoding: $coding" "http://$ours$page" >"$folder/files/$coding"
done
theirs=127.0.0.1:$(port)
cat >"$folder/nginx.conf" <<END
worker_processes 1;
daemon off;
pid $folder/pid;
error_log $folder/error.log;
events { worker_connections 512; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  open_file_cache max=100;
  default_type "text/html; charset=utf-8";
  client_body_temp_path $folder/body; proxy_temp_path $folder/proxy; fastcgi_temp_path $folder/fastcgi;
  uwsgi_temp_path $folder/uwsgi; scgi_temp_path $folder/scgi;
  server {
    listen $theirs;
    root $folder/files;
    location = /gzip { add_header Content-Encoding gzip; }
    location = /br { add_header Content-Encoding br; }
  }
}
END
"$taskset" -c 0 "$nginx" -e "$folder/error.log" -c "$folder/nginx.conf" &
pids+=($!)
master=$!
for _ in $(seq 100); do "$curl" -fs "http://$theirs/identity" >"$folder/ready" 2>&1 && break; sleep 0.1; done

worker=$(pgrep -P "$master" | head -n 1)

# Processor time of a process, in ticks.
ticks() {
  awk '{ sub(/^.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"
}

# Requests for URL in CODING that the process PID answers in a second of its time. So it does not matter what
# else the machine does.
rate() {
  local before after
  before=$(ticks "$3")
  "$taskset" -c 1 "$wrk" -t 1 -c 16 -d "$seconds" -H "accept-encoding: $2" "$1" >"$folder/wrk"
  after=$(ticks "$3")
  awk -v ticks="$((after - before))" -v hertz="$(getconf CLK_TCK)" \
    '/requests in/ { printf "%.0f\n", $1 * hertz / ticks }' "$folder/wrk"
  if grep -q "Non-2xx\|Socket errors" "$folder/wrk"; then cat "$folder/wrk" >&2; fi
}

echo "one note, $page: requests for a second of processor time, the viewer and nginx, and their ratio (goal: 0.8)"
for coding in identity gzip br; do
  bytes=$(stat -c %s "$folder/files/$coding")
  for _ in $(seq "$rounds"); do
    echo "$(rate "http://$ours$page" "$coding" "$viewer") $(rate "http://$theirs/$coding" "$coding" "$worker")"
  done | awk -v coding="$coding" -v bytes="$bytes" '
    { ours += $1; theirs += $2 }
    END { printf "%-8s %6d bytes  %8.0f %8.0f  %.2f\n", coding, bytes, ours / NR, theirs / NR, ours / theirs }'
done
