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
packet() { # FROM(1|2) SEQ ACK FLAGS(hex) TEXT
  length=$((40 + ${#5}))
  printf '\001\000\000\000\000\000\000\000%b\000\000\000%b\000\000\000' \
    "\\0$(printf %o $length)" "\\0$(printf %o $length)"
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
{"event": "gap", "conn": 1, "side": "client", "offset": 5, "length": 4, "reason": "acked", "file_offset": 5}
{"event": "end", "conn": 1, "tuple": ["192.0.2.1", 1024, "192.0.2.2", 80], "reason": "flushed", "client": {"file": "00000001-192.0.2.1.1024-192.0.2.2.80", "written": 9, "length": 13, "cut": false}, "server": {"file": "00000001-192.0.2.2.80-192.0.2.1.1024", "written": 6, "length": 6, "cut": false}}
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
"$streams" "$work/cut" 2>"$work/err" && fail 'no folder: status 0'

echo "$failures failures"
[ "$failures" = 0 ]
