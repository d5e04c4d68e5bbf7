#!/bin/sh
# tests/policy/check-unique-names.sh - no two files of lib/ share a name.
#
# Debuggers, gcov and bug reports say ranges.c:120 and not where it is.

top_srcdir=${top_srcdir:-$(dirname "$0")/../..}
cd "$top_srcdir" || exit 99

[ -n "$(find lib -name '*.c')" ] || {
  echo 'found no sources'
  exit 1
}

twice=$(find lib -name '*.[ch]' | sed 's,.*/,,' | sort | uniq -d)
for name in $twice; do
  echo "$name: more than once:" $(find lib -name "$name" | sort)
done
[ -z "$twice" ]
