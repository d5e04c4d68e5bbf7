#!/bin/sh
# tests/examples/test-connections.sh - the program that the README quotes does
# what the README says, and says what is wrong with its input.

connections=$top_builddir/examples/connections
[ -x "$connections" ] || {
  echo "skipped: $connections was left out"
  exit 77
}

work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

page=$srcdir/data/handshake-page.pcap
cat >"$work/expected" <<'LINES'
1.116.159.145.32888 > 10.0.4.2.3306 established: three-way
1.116.159.145.32888 > 10.0.4.2.3306 end: fin
LINES

"$connections" "$page" >"$work/out" || fail "exit status $?"
diff -u "$work/expected" "$work/out" || fail 'the page'
"$connections" - <"$page" >"$work/out" || fail "standard input: $?"
diff -u "$work/expected" "$work/out" || fail 'the page from standard input'

head -c "$(($(wc -c <"$page") - 10))" "$page" >"$work/cut"
"$connections" "$work/cut" >"$work/out" 2>"$work/err" && fail 'cut: status 0'
grep -qF "$work/cut" "$work/err" || fail 'cut: the name is missing'
grep -q 'established: three-way' "$work/out" || fail 'cut: something is lost'
grep -q 'end: flushed' "$work/out" || fail 'cut: the end is not told'

for input in "$work/nothing" /dev/null; do
  "$connections" "$input" 2>"$work/err" && fail "$input: exit status 0"
  grep -qF "$input" "$work/err" || fail "$input: the name is missing"
done

echo "$failures failures"
[ "$failures" = 0 ]
