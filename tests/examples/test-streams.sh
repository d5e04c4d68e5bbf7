#!/bin/sh
# tests/examples/test-streams.sh - both sides of a connection as files, with an
# index, and a word about what is wrong with the input.

streams=$top_builddir/examples/streams
[ -x "$streams" ] || {
  echo "skipped: $streams was left out"
  exit 77
}

work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

# one_line WHAT: the latest run said what is wrong in one line.
one_line() {
  [ "$(wc -l <"$work/err")" = 1 ] || fail "$1: not one line on standard error"
}

# A connection as tcpdump prints it has no octets, so this is a file by hand:
# the SYNs, a hole of 4 octets, "late", then "early" in front of the hole.
link='' # In front of the packet, and its size.
link_size=0
packet() { # FROM(1|2) SEQ ACK FLAGS(hex) TEXT
  length=$((40 + ${#5}))
  printf '\001\000\000\000\000\000\000\000%b\000\000\000%b\000\000\000%b' \
    "\\0$(printf %o $((length + link_size)))" \
    "\\0$(printf %o $((length + link_size)))" "$link"
  printf '\105\000\000%b\000\000\000\000\100\006\000\000\300\000\002%b\300\000\002%b' \
    "\\0$(printf %o $length)" "\\000$1" "\\000$((3 - $1))"
  if [ "$1" = 1 ]; then printf '\004\000\000\120'; else printf '\000\120\004\000'; fi
  printf '\000\000\000%b\000\000\000%b\120%b\377\377\000\000\000\000%s' \
    "\\0$(printf %o "$2")" "\\0$(printf %o "$3")" "\\0$(printf %o "$4")" "$5"
}
{
  printf '\324\303\262\241\002\000\004\000\000\000\000\000\000\000\000\000'
  printf '\377\377\000\000\145\000\000\000'
  packet 1 10 0 2 ''
  packet 2 20 11 18 ''
  packet 1 11 21 16 ''
  packet 1 20 21 24 'late'
  packet 1 11 21 24 'early'
  packet 2 21 24 24 'answer'
} >"$work/hole.pcap"

out=$work/out
client=00000001-192.0.2.1.1024-192.0.2.2.80
server=00000001-192.0.2.2.80-192.0.2.1.1024
"$streams" --out "$out" "$work/hole.pcap" || fail "status $?"
[ "$(cat "$out/$client")" = earlylate ] || fail 'octets of the client'
[ "$(cat "$out/$server")" = answer ] || fail 'octets of the server'
cat >"$work/expected" <<'LINES'
{"event": "gap", "conn": 1, "side": "client", "offset": 5, "length": 4, "reason": "acked", "file_offset": 5, "time": 1.000000000}
{"event": "end", "conn": 1, "tuple": ["192.0.2.1", 1024, "192.0.2.2", 80], "reason": "flushed", "client": {"file": "00000001-192.0.2.1.1024-192.0.2.2.80", "written": 9, "length": 13, "cut": false, "first": 1.000000000, "last": 1.000000000}, "server": {"file": "00000001-192.0.2.2.80-192.0.2.1.1024", "written": 6, "length": 6, "cut": false, "first": 1.000000000, "last": 1.000000000}}
LINES
diff -u "$work/expected" "$out/index.jsonl" || fail 'index'

# One file at a time: the same octets.
"$streams" --open-files 1 --out "$work/one" "$work/hole.pcap" || fail 'LRU'
diff -r "$out" "$work/one" || fail 'one open file tells another story'

"$streams" --max-bytes 3 --out "$work/three" "$work/hole.pcap" || fail 'cap'
[ "$(cat "$work/three/$client")" = ear ] || fail 'cap: octets'
grep -q '"cut": true' "$work/three/index.jsonl" || fail 'cap: not told'

# Nothing that exists is touched.
"$streams" --out "$out" "$work/hole.pcap" 2>"$work/err" && fail 'overwrites'
one_line 'folder in use'
# What is replaced before its ACK is not written.
./script/run_flow --pcap "$work/last.pcap" \
  "$srcdir/script/acked-overlap-last.flow"
"$streams" --out "$work/acked" --delivery acked --overlap last "$work/last.pcap"
[ "$(cat "$work/acked/"*-198.51.100.1.80)" = ABCDEFGHij ] || fail 'acked: other octets'

mkdir "$work/link" && ln -s "$work/target" "$work/link/$client"
"$streams" --out "$work/link" "$work/hole.pcap" 2>"$work/err" && fail 'link'
one_line 'link'
[ -e "$work/target" ] && fail 'a link was followed'

head -c "$(($(wc -c <"$work/hole.pcap") - 3))" "$work/hole.pcap" >"$work/cut"
"$streams" --out "$work/cut.d" "$work/cut" 2>"$work/err" && fail 'cut: status 0'
one_line cut
[ "$(cat "$work/cut.d/$client")" = earlylate ] || fail 'cut: something is lost'
for input in "$work/nothing" /dev/null; do
  "$streams" --out "$work/no" "$input" 2>"$work/err" && fail "$input: status 0"
  one_line "$input"
done
"$streams" --out "$work/no" --overlap none "$work/cut" 2>"$work/err" &&
  fail 'a policy that is none'
one_line 'policy'
"$streams" --out "$work/no" --delivery late "$work/cut" 2>"$work/err" &&
  fail 'a delivery that is none'
one_line 'delivery'
for wrong in --gap-grace=soon --gap-grace=-1 --gap-grace=0x1 --gap-grace=1e3 \
  --gap-grace=1.2.3 --hole-timeout= --hole-timeout=2000000000 \
  --hole-timeout='1 s'; do
  "$streams" --out "$work/no" "$wrong" "$work/cut" 2>"$work/err" &&
    fail "$wrong: status 0"
  one_line "$wrong"
done
"$streams" "$work/cut" 2>"$work/err" && fail 'no folder: status 0'

# --- more than one connection, and other packets ---

run_flow=./script/run_flow
[ -x "$run_flow" ] || {
  echo "$failures failures; no run_flow for the rest"
  [ "$failures" = 0 ]
  exit
}

# capture NAME: makes NAME.pcap of the script on standard input.
capture() {
  cat >"$work/$1.flow"
  "$run_flow" --update --pcap "$work/$1.pcap" "$work/$1.flow" ||
    fail "$1: no capture"
}

# streams_of NAME [OPTION...]: writes NAME.pcap into NAME.d.
streams_of() {
  name=$1
  shift
  rm -rf "$work/$name.d"
  "$streams" "$@" --out "$work/$name.d" "$work/$name.pcap" ||
    fail "$name $*: status $?"
}

# holds FILE TEXT
holds() {
  printf '%s' "$2" | cmp -s - "$work/$1" || fail "$1 is not $2"
}

# What nobody acknowledges is marked.
"$run_flow" --pcap "$work/half.pcap" "$srcdir/script/acked-end-flush.flow"
streams_of half --delivery acked
grep -q '"unacknowledged", "conn": 1, "side": "client", "offset": 50, "length": 50, "file_offset": 50' \
  "$work/half.d/index.jsonl" || fail 'what was not acknowledged'
streams_of half
grep -q unacknowledged "$work/half.d/index.jsonl" && fail 'at once: marked'

# How long holes are waited for.
"$run_flow" --pcap "$work/late.pcap" "$srcdir/script/grace-too-late.flow"
streams_of late
grep -q '"reason": "acked"' "$work/late.d/index.jsonl" || fail 'grace: no gap'
for wait in 0.2 1 never; do
  streams_of late --gap-grace "$wait"
  grep -q '"gap"' "$work/late.d/index.jsonl" && fail "grace $wait: a gap"
done
"$run_flow" --pcap "$work/hole2.pcap" "$srcdir/script/hole-timeout.flow"
streams_of hole2 --hole-timeout 10.5
grep -q '"reason": "timeout".*"time": 10.5' "$work/hole2.d/index.jsonl" ||
  fail 'timeout 10.5: no gap at its time'
streams_of hole2 --hole-timeout never
grep -q '"reason": "timeout"' "$work/hole2.d/index.jsonl" &&
  fail 'timeout never: a gap'

capture six <<'FLOW'
client 2001:db8::1.40000
server 2001:db8::2.80
+0 > S 0:0(0)
+0 < S. 0:0(0) ack 1
+0 > P. 1:6(5) ack 1 "hello"
FLOW
streams_of six
holds six.d/00000001-2001_db8__1.40000-2001_db8__2.80 hello

# Octets that come twice and differ, held and told; who wins; the index says so.
capture twice <<'FLOW'
+0 > S 0:0(0)
+0 < S. 0:0(0) ack 1
+1 > P. 4:7(3) ack 1 "def"
+1 > P. 4:7(3) ack 1 "DEF"
+1 > P. 1:4(3) ack 1 "abc"
+1 > P. 1:4(3) ack 1 "ABC"
FLOW
one=00000001-192.0.2.1.40000-198.51.100.1.80
streams_of twice
holds "twice.d/$one" abcdef
grep -c conflict "$work/twice.d/index.jsonl" | grep -qx 1 || fail 'one conflict'
grep -q '"first": 1.000000000, "last": 3.000000000' \
  "$work/twice.d/index.jsonl" || fail 'when octets were captured'
streams_of twice --overlap last --tail 100
holds "twice.d/$one" abcDEF
cat >"$work/expected" <<'LINES'
{"event": "conflict", "conn": 1, "side": "client", "offset": 3, "length": 3, "replaced": true, "delivered": false, "time": 2.000000000}
{"event": "conflict", "conn": 1, "side": "client", "offset": 0, "length": 3, "replaced": false, "delivered": true, "time": 4.000000000}
LINES
grep conflict "$work/twice.d/index.jsonl" | diff -u "$work/expected" - ||
  fail 'both conflicts'
"$streams" --overlap help | grep -qx linux || fail '--overlap help'

capture urgent <<'FLOW'
+0 > S 0:0(0)
+0 < S. 0:0(0) ack 1
+0 > PU. 1:7(6) ack 1 urg 3 "abCdef"
FLOW
streams_of urgent
holds "urgent.d/$one" abCdef
streams_of urgent --urgent out-of-band
holds "urgent.d/$one" abdef
grep -qF '"event": "urgent", "conn": 1, "side": "client", "offset": 2, "octet": 67' \
  "$work/urgent.d/index.jsonl" || fail 'urgent octet'

# Holes as zeros: offsets of the file are those of the stream.
capture zeros <<'FLOW'
+0 > S 0:0(0)
+0 < S. 0:0(0) ack 1
+0 > P. 1:3(2) ack 1 "ab"
+0 > P. 5:7(2) ack 1 "ef"
+0 < . 1:1(0) ack 7
FLOW
streams_of zeros --fill
printf 'ab\000\000ef' | cmp - "$work/zeros.d/$one" || fail 'zeros'
streams_of zeros --fill --max-bytes 5
printf 'ab\000\000e' | cmp - "$work/zeros.d/$one" || fail 'zeros and a cap'
streams_of zeros --fill --max-bytes 3
holds "zeros.d/$one" ab

# The same ports again: another file.
capture again <<'FLOW'
+0 > S 0:0(0)
+0 < S. 0:0(0) ack 1
+0 > P. 1:4(3) ack 1 "one"
+0 > R 4:4(0)
+100 > S 900000:900000(0)
+0 < S. 900000:900000(0) ack 900001
+0 > P. 900001:900004(3) ack 900001 "two"
FLOW
streams_of again
holds "again.d/$one" one
holds "again.d/00000002-${one#*-}" two

# From standard input; and connections that take turns, with one file at a time.
"$streams" --out "$work/stdin" - <"$work/six.pcap" || fail 'standard input'
diff -r "$work/six.d" "$work/stdin" || fail 'standard input'
{
  head -c 24 "$work/six.pcap"
  for turn in 1 2; do
    for port in 1 2 3 4 5 6 7 8 9; do
      cat >"$work/turn.flow" <<FLOW
client 192.0.2.$port.40000
+0 > P. $turn:$((turn + 1))(1) ack 1 "$port"
FLOW
      "$run_flow" --update --pcap "$work/turn.pcap" "$work/turn.flow" &&
        tail -c +25 "$work/turn.pcap"
    done
  done
} >"$work/turns.pcap"
streams_of turns --open-files 2
for port in 1 2 3 4 5 6 7 8 9; do
  holds "turns.d/0000000$port-192.0.2.$port.40000-198.51.100.1.80" "$port$port"
done
# The system may allow fewer than were asked for.
(
  # shellcheck disable=SC3045
  ulimit -n 8
  "$streams" --out "$work/few" "$work/turns.pcap"
) || fail 'few descriptors'
diff -r "$work/few" "$work/turns.d" || fail 'few descriptors: other octets'

# The same addresses and ports in two VLANs: two files, if they are wanted.
link_size=18
mac='\0000\0000\0000\0000\0000\0000'
{
  printf '\324\303\262\241\002\000\004\000\000\000\000\000\000\000\000\000'
  printf '\377\377\000\000\001\000\000\000'
  for tag in 1 2; do
    link="$mac$mac\\0201\\0000\\0000\\000$tag\\0010\\0000"
    packet 1 11 21 24 "tag$tag"
  done
} >"$work/vlan.pcap"
streams_of vlan --vlan
holds "vlan.d/$client" tag1
holds "vlan.d/00000002-${client#*-}" tag2
streams_of vlan
holds "vlan.d/$client" tag1

# --- what cannot be written ---

# refuses WHAT COMMAND...: in one line, with an exit status, as the others.
refuses() {
  what=$1
  shift
  "$@" 2>"$work/err" && fail "$what: status 0"
  one_line "$what"
}
refuses 'a folder in no folder' "$streams" --out "$work/none/d" "$work/six.pcap"
refuses 'a folder that is a file' "$streams" --out "$work/err" "$work/six.pcap"
if [ "$(id -u)" != 0 ]; then
  mkdir "$work/read-only" && chmod 555 "$work/read-only"
  refuses 'a folder that is read-only' "$streams" --out "$work/read-only" \
    "$work/six.pcap"
fi
mkdir "$work/taken" &&
  : >"$work/taken/00000001-2001_db8__1.40000-2001_db8__2.80"
refuses 'a file in its place' "$streams" --out "$work/taken" "$work/six.pcap"
grep -q '"event": "end"' "$work/taken/index.jsonl" || fail 'the index goes on'

# A full disk: files of at most 1 or 2 KiB, by what the shell counts in.
cat >"$work/large.flow" <<'FLOW'
+0 > P. 1:1401(1400) ack 1
+0 > P. 1401:2801(1400) ack 1
FLOW
"$run_flow" --update --pcap "$work/large.pcap" "$work/large.flow" ||
  fail 'large.pcap'
(
  trap '' XFSZ
  ulimit -f 2
  "$streams" --out "$work/full" "$work/large.pcap" 2>"$work/err.pipe"
) && fail 'full: status 0'
mv "$work/err.pipe" "$work/err"
one_line 'full'
[ -s "$work/full/$one" ] || fail 'full: what had room is not there'

echo "$failures failures"
[ "$failures" = 0 ]
