#!/bin/sh
# tests/examples/test-guide.sh - the programs that the guide quotes run, and say
# what they said when the guide was written.

failures=0
for name in guide_parts guide_headers guide_flows guide_pull; do
  program=$top_builddir/examples/$name
  [ -x "$program" ] || {
    echo "skipped: $program was left out"
    exit 77
  }
  "$program" | diff -u "$srcdir/examples/$name.golden" - || {
    echo "FAILED: $name"
    failures=$((failures + 1))
  }
done

echo "$failures failures"
[ "$failures" = 0 ]
