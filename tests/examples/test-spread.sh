#!/bin/sh
# tests/examples/test-spread.sh - several trackers do what one does, however
# many they are; an interface is followed; bad input gets one line.

spread=$top_builddir/examples/spread
packets=$top_builddir/bench/packets
run_flow=./script/run_flow
[ -x "$spread" ] || {
  echo "skipped: $spread was left out"
  exit 77
}

work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

# --- The sum of N is what one tracker does ------------------------------------

same_for_all() {
  "$spread" --workers 0 "$1" >"$work/one" || fail "$1: one tracker"
  grep -q '^frames  *[1-9]' "$work/one" || fail "$1: no frames"
  for workers in ${2-1 2 3 4 5 6 7 8}; do
    "$spread" --workers "$workers" "$1" >"$work/sum" ||
      fail "$1: $workers workers: exit status $?"
    diff "$work/one" "$work/sum" || fail "$1: $workers workers"
  done
  "$spread" --workers 3 --preload "$1" >"$work/sum"
  diff "$work/one" "$work/sum" || fail "$1: loaded before"
}

same_for_all "$srcdir/data/handshake-page.pcap"
same_for_all "$srcdir/data/handshake-page.txt"

if [ -x "$packets" ]; then
  for workload in short loss syn zipf bulk-fragments loss-ipv6-fragments \
    bulk-vxlan-fragments many-gre short-vlan; do
    "$packets" "$workload" 3000 >"$work/$workload"
    same_for_all "$work/$workload"
  done
fi

# Clocks that jump, timeouts, ICMP errors, fragments that disagree.
if [ -x "$run_flow" ]; then
  for script in "$srcdir"/script/*frag*.flow "$srcdir"/script/*icmp*.flow \
    "$srcdir"/script/*time*.flow; do
    capture=$work/$(basename "$script" .flow)
    "$run_flow" --pcap "$capture" "$script" >"$work/out" 2>&1 || continue
    same_for_all "$capture" '1 3'
  done
fi

"$spread" --workers 2 --time "$srcdir/data/handshake-page.pcap" >"$work/out" ||
  fail '--time'
grep -q '^worker 1: ' "$work/out" || fail '--time: no line for a worker'

# --- What is wrong is said ----------------------------------------------------

# says FILE WHAT COMMAND...: it fails, with one line that names the file.
says() {
  file=$1
  what=$2
  shift 2
  "$@" >"$work/out" 2>"$work/err" && fail "$what: exit status 0"
  [ "$(wc -l <"$work/err")" -eq 1 ] || fail "$what: not one line of complaint"
  grep -qF "$file" "$work/err" || fail "$what: the name is missing"
}

page=$srcdir/data/handshake-page.pcap
head -c "$(($(wc -c <"$page") - 10))" "$page" >"$work/cut"
echo 'nothing of interest' >"$work/words"
says "$work/nothing" 'no such file' "$spread" "$work/nothing"
says /dev/null 'an empty file' "$spread" /dev/null
says "$work/cut" 'a cut capture' "$spread" --workers 2 "$work/cut"
says "$work/words" 'no capture' "$spread" --workers 2 "$work/words"
says no-such-if 'no such interface' "$spread" --interface no-such-if
says no-such-if 'no such interface, fanout' "$spread" --fanout \
  --interface no-such-if
for arguments in '' '--workers' '--workers x a' '--workers 1025 a' 'a b' \
  '--fanout a' '--interface lo a' '--interface lo --workers 0' '--unknown a'; do
  # Words on purpose.
  "$spread" $arguments >"$work/out" 2>"$work/err"
  [ $? = 2 ] || fail "'$arguments': exit status"
  grep -q '^usage: spread ' "$work/err" || fail "'$arguments': no usage"
done
"$spread" --help | grep -q '^usage: spread ' || fail '--help'
"$spread" --version | grep -q '^spread, libtcpflow ' || fail '--version'

# --- An interface, in a network of its own ------------------------------------

cat >"$work/talk.py" <<'PYTHON'
import socket, threading

# 24 connections, each from an address of its own, 3000 octets one way.
server = socket.create_server(("127.0.0.1", 7777), backlog=64)


def answer():
    for _ in range(24):
        peer, _ = server.accept()
        while peer.recv(4096):
            pass
        peer.close()


thread = threading.Thread(target=answer)
thread.start()
for i in range(24):
    with socket.create_connection(("127.0.0.1", 7777),
                                  source_address=("127.0.1.%d" % (i + 1), 0)) \
            as s:
        s.sendall(b"x" * 3000)
        s.shutdown(socket.SHUT_WR)
        s.recv(1)
thread.join()
PYTHON
cat >"$work/live" <<'SHELL'
ip link set lo up || exit 77
"$@" --interface lo --seconds 60 >"$work/live.out" &
waited=0
while [ "$(wc -l </proc/net/packet)" -lt "$sockets" ]; do
  waited=$((waited + 1))
  [ "$waited" -lt 100 ] || exit 1
  sleep 0.1
done
sleep 0.3
python3 "$work/talk.py" || exit 1
sleep 0.5
kill -INT $!
wait $!
SHELL

# live SOCKETS COMMAND...: it sees all of those connections.
live() {
  sockets=$1
  shift
  export work sockets
  unshare -rn sh "$work/live" "$@" || { fail "$*: exit status $?"; return; }
  grep -q '^flows established  *24$' "$work/live.out" &&
    grep -q '^flows ended by fin  *24$' "$work/live.out" &&
    grep -q '^octets  *72000$' "$work/live.out" || {
    fail "$*: not all that was said"
    cat "$work/live.out"
  }
}

if [ "$(uname)" = Linux ] && command -v python3 >/dev/null 2>&1 &&
  unshare -rn ip link set lo up 2>/dev/null &&
  unshare -rn "$spread" --fanout --interface lo --seconds 1 --workers 1 \
    >/dev/null 2>&1; then
  # A line is the head.
  live 2 "$spread" --workers 3
  live 4 "$spread" --workers 3 --fanout --time
  [ "$(grep -c '^worker [0-9]: [1-9]' "$work/live.out")" -ge 2 ] || {
    fail 'the kernel did not spread'
    cat "$work/live.out"
  }
else
  echo 'interfaces were left out: no network of its own is allowed here'
fi

echo "$failures failures"
[ "$failures" = 0 ]
