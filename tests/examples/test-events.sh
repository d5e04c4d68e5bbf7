#!/bin/sh
# tests/examples/test-events.sh - the event log: the same for one connection as
# text, as a capture and as a script; and what happens to bad input.

events=$top_builddir/examples/events
run_flow=./script/run_flow
for program in "$events" "$run_flow"; do
  [ -x "$program" ] || {
    echo "skipped: $program was left out"
    exit 77
  }
done

work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

# same WHAT GOLDEN COMMAND...: it succeeds, and its output is that file.
same() {
  what=$1
  wanted=$2
  shift 2
  "$@" >"$work/out" 2>"$work/err" || fail "$what: exit status $?"
  [ -s "$work/err" ] && { fail "$what: it complains:"; cat "$work/err"; }
  diff -u "$wanted" "$work/out" || fail "$what: the log differs"
}

# says FILE WHAT COMMAND...: it fails, with one line that names the file.
says() {
  file=$1
  what=$2
  shift 2
  "$@" >"$work/out" 2>"$work/err" && fail "$what: exit status 0"
  [ "$(wc -l <"$work/err")" -eq 1 ] || fail "$what: not one line of complaint"
  grep -qF "$file" "$work/err" || fail "$what: the file's name is missing"
}

# --- One connection, three ways ----------------------------------------------

page=$srcdir/data/handshake-page
golden=$srcdir/examples/events-page.golden
"$run_flow" --pcap "$work/page.pcap" "$srcdir/script/handshake-page.flow" ||
  fail 'handshake-page.flow'

same 'the page as a script' "$golden" "$events" "$work/page.pcap"
same 'the page as a capture' "$golden" "$events" "$page.pcap"
same 'the page as text' "$golden" "$events" "$page.txt"
same 'the page as it was written' "$golden" "$events" "$page.md"
"$events" - <"$page.txt" >"$work/out" && cmp "$golden" "$work/out" ||
  fail 'the page from standard input'

# --- Options ------------------------------------------------------------------

"$run_flow" --pcap "$work/overlap.pcap" "$srcdir/script/overlap.flow" ||
  fail 'overlap.flow'
same '--segments --bytes' "$srcdir/examples/events-segments.golden" \
  "$events" --segments --bytes "$work/overlap.pcap"
same '--key, --vlan, --linger, --max-flows' "$golden" "$events" --vlan \
  --linger 5 --max-flows 9 --key 000102030405060708090a0b0c0d0e0f \
  "$work/page.pcap"

# The hash is the same in every line of a connection, and in both directions.
"$events" --flow-hash "$work/page.pcap" >"$work/flow" || fail '--flow-hash'
sed 's/,"flow":"[0-9a-f]\{16\}"//' "$work/flow" | cmp - "$golden" ||
  fail '--flow-hash: something else differs'
[ "$(sed 's/.*"flow":"\([0-9a-f]*\)".*/\1/' "$work/flow" | sort -u |
  wc -l)" -eq 1 ] || fail '--flow-hash: one connection, several hashes'

# What comes twice and differs, held and told; urgent octets; words of a RST.
cat >"$work/odd.flow" <<'FLOW'
+0 > S 0:0(0)
+0 < S. 0:0(0) ack 1
+0 > P. 4:7(3) ack 1 "def"
+0 > P. 4:7(3) ack 1 "DEF"
+0 > PU. 1:4(3) ack 1 urg 2 "abc"
+0 > P. 1:4(3) ack 1 "aXc"
+0 < R. 1:4(3) ack 7 "bye"
FLOW
"$run_flow" --update --pcap "$work/odd.pcap" "$work/odd.flow" || fail 'odd.flow'

# odd EVENT OPTION...: these objects, behind the number of the connection, are
# those on standard input.
odd() {
  event=$1
  shift
  "$events" "$@" "$work/odd.pcap" | grep "\"event\":\"$event\"" |
    sed 's/^.*"conn":0,//' | diff -u - "$work/wanted" || fail "$event: $*"
}

cat >"$work/wanted" <<'JSON'
"event":"conflict","side":"client","offset":3,"length":3,"replaced":false,"delivered":false,"first_frame":3,"first":"646566","second":"444546"}
JSON
odd conflict --bytes
cat >"$work/wanted" <<'JSON'
"event":"conflict","side":"client","offset":3,"length":3,"replaced":true,"delivered":false,"first_frame":3}
"event":"conflict","side":"client","offset":0,"length":3,"replaced":false,"delivered":true,"first_frame":null}
JSON
odd conflict --overlap last --tail 10
cat >"$work/wanted" <<'JSON'
"event":"urgent","side":"client","offset":1,"octet":98}
JSON
odd urgent --urgent out-of-band
cat >"$work/wanted" <<'JSON'
"event":"data","side":"client","offset":0,"length":1,"held":false,"bytes":"61"}
"event":"data","side":"client","offset":2,"length":1,"held":false,"bytes":"63"}
"event":"data","side":"client","offset":3,"length":3,"held":true,"bytes":"646566"}
JSON
odd data --urgent strip --bytes
cat >"$work/wanted" <<'JSON'
"event":"rst-data","side":"server","length":3,"captured":3,"bytes":"627965"}
JSON
odd rst-data --bytes

# octets HEX: two digits an octet.
octets() {
  for digits in $(echo "$1" | sed 's/../& /g'); do
    # shellcheck disable=SC2059
    printf "\\$(printf '%03o' "0x$digits")"
  done
}

# vxlan VLAN VNI OUTER INNER: a record of 108 octets; two digits, and six.  The
# tag is inside of the tunnel: those outside are another network's.
vxlan() {
  octets "00000000000000000000006c0000006c"
  octets "0200000000010200000000020800$3"
  octets "08000000${2}00020000000002020000000001810000${1}0800$4"
}

# two FILE VLAN VNI VLAN VNI: the SYN of a connection, and the answer.
two() {
  {
    octets a1b2c3d40002000400000000000000000004000000000001
    vxlan "$2" "$3" \
      4500005e000040004011c28acb007101cb007102c35012b5004a0000 \
      450000280000400040064e9ac0000201c63364019c400050000003e8000000005002ffff23340000
    vxlan "$4" "$5" \
      4500005e000040004011c28acb007102cb007101c35012b5004a0000 \
      450000280000400040064e9ac6336401c000020100509c4000001388000003e95012ffff0f9b0000
  } >"$1"
}

# connections COUNT OPTION... FILE
connections() {
  wanted=$1
  shift
  count=$("$events" "$@" | grep -c '"event":"new"')
  [ "$count" = "$wanted" ] || fail "$* tells of $count, not of $wanted"
}

two "$work/vnis.pcap" 05 000064 05 0000c8
connections 2 "$work/vnis.pcap"
connections 1 --no-tunnel "$work/vnis.pcap"
connections 2 --vlan "$work/vnis.pcap"
connections 1 --no-tunnel --vlan "$work/vnis.pcap"
connections 1 --vlan --no-tunnel "$work/vnis.pcap"
two "$work/vlans.pcap" 05 000064 06 000064
connections 1 "$work/vlans.pcap"
connections 2 --vlan "$work/vlans.pcap"
connections 1 --no-tunnel "$work/vlans.pcap"
connections 2 --vlan --no-tunnel "$work/vlans.pcap"
connections 2 --no-tunnel --vlan "$work/vlans.pcap"

# Octets are told when they are acknowledged; the last ones never were.
"$run_flow" --pcap "$work/acked.pcap" "$srcdir/script/acked-end-flush.flow"
"$events" --delivery acked "$work/acked.pcap" >"$work/out"
grep -q '"offset":0,"length":50,"held":true}' "$work/out" || fail 'acked'
grep -q '"offset":50,"length":50,"held":true,"unacknowledged":true}' \
  "$work/out" || fail 'acked: what was not'

# How long holes are waited for.
"$run_flow" --pcap "$work/late.pcap" "$srcdir/script/grace-too-late.flow"
"$events" "$work/late.pcap" | grep -q '"reason":"acked"' || fail 'grace'
"$events" --gap-grace 0.2 "$work/late.pcap" | grep -q '"event":"gap"' &&
  fail 'grace 0.2: a gap'
"$run_flow" --pcap "$work/hole.pcap" "$srcdir/script/hole-timeout.flow"
"$events" "$work/hole.pcap" | grep -q '"reason":"timeout"' || fail 'timeout'
"$events" --hole-timeout never "$work/hole.pcap" |
  grep -q '"reason":"timeout"' && fail 'timeout never: a gap'

for wrong in --gap-grace=soon --hole-timeout=-1 --overlap=none --delivery=soon --tail=soon --urgent=none --key=12 \
  --max-flows=0 --linger=soon --nonsense; do
  "$events" "$wrong" "$page.txt" >"$work/out" 2>/dev/null &&
    fail "$wrong: exit status 0"
  [ -s "$work/out" ] && fail "$wrong: it tells something"
done

# --- Bad input ------------------------------------------------------------------

says "$work/nothing" 'no such file' "$events" "$work/nothing"
: >"$work/empty"
says "$work/empty" 'an empty file' "$events" "$work/empty"
echo 'Dear diary, no packet today.' >"$work/prose"
says "$work/prose" 'text without a packet' "$events" "$work/prose"
[ -s "$work/out" ] && fail 'text without a packet: it tells something'

# The last packet is cut: all before it is told, and the end of what was open.
size=$(wc -c <"$work/page.pcap")
head -c "$((size - 10))" "$work/page.pcap" >"$work/cut.pcap"
says "$work/cut.pcap" 'a damaged capture' "$events" "$work/cut.pcap"
grep -v '"frame":7,' "$golden" >"$work/before"
head -n "$(wc -l <"$work/before")" "$work/out" | cmp "$work/before" - ||
  fail 'a damaged capture: something before the damage is lost'
grep -q '"frame":null.*"event":"end","reason":"flushed"' "$work/out" ||
  fail 'a damaged capture: the end is not told'

echo "$failures failures"
[ "$failures" = 0 ]
