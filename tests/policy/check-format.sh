#!/bin/sh
# tests/policy/check-format.sh - the sources are as clang-format 14 leaves them.
#
# Another version formats differently, so another version is no judge.

top_srcdir=${top_srcdir:-$(dirname "$0")/../..}
cd "$top_srcdir" || exit 99

for tool in clang-format-14 clang-format none; do
  "$tool" --version 2>/dev/null | grep -q 'version 14\.' && break
done
if [ "$tool" = none ]; then
  echo 'skipped: no clang-format 14'
  exit 77
fi

count=0
failures=0
for file in $(find lib include examples tests bench doc -name '*.[ch]' \
  ! -path include/tcpflow/version.h | sort); do
  count=$((count + 1))
  if ! "$tool" --dry-run -Werror "$file" >/dev/null 2>&1; then
    echo "$file: run $tool -i on it"
    failures=$((failures + 1))
  fi
done

echo "$count files, $failures failures"
[ "$failures" = 0 ] && [ "$count" -gt 0 ]
