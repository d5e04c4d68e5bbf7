#!/bin/sh
# tests/examples/test-drill.sh - drill prints the page's connection, writes the
# segments of a script as a capture, and says what it cannot read.

drill=$top_builddir/examples/drill
[ -x "$drill" ] || {
  echo "skipped: $drill was left out"
  exit 77
}

work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

page=$srcdir/data/handshake-page
for form in pcap txt md; do
  "$drill" "$page.$form" >"$work/$form" || fail "$form: exit status $?"
done
cmp "$work/pcap" "$work/txt" || fail 'the page as text is another connection'
cmp "$work/pcap" "$work/md" || fail 'the page is another connection'
head -n 3 "$work/pcap" | cut -c 1-60 | diff -u - /dev/fd/3 3<<'END' ||
+0 < S 0:0(0) win 29200 <mss 1424,sackOK,TS val 3772856463 e
+0.000037 > S. 0:0(0) ack 1 win 28960 <mss 1460,sackOK,TS va
+0.001086 < . 1:1(0) ack 1 win 29200 <TS val 3772856465 ecr 
END
  fail 'the handshake'

"$drill" "$srcdir/examples/drill.pkt" "$work/capture" ||
  fail "a script: exit status $?"
"$drill" "$work/capture" | diff -u "$srcdir/examples/drill.golden" - ||
  fail 'the segments of a script'

echo '+0 < S 1:3(1) win 1' >"$work/broken.pkt"
"$drill" "$work/broken.pkt" "$work/capture" 2>"$work/err" &&
  fail 'a broken line: exit status 0'
grep -q 'line 1: numbers that do not fit the length' "$work/err" ||
  fail 'a broken line: no reason'
"$drill" "$work/none" 2>"$work/err" && fail 'no file: exit status 0'
"$drill" 2>"$work/err"
[ $? -eq 2 ] || fail 'no arguments: exit status'

echo "$failures failures"
[ "$failures" = 0 ]
