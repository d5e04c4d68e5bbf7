#!/bin/sh
# tests/policy/check-columns.sh - comments, and sources, within 80 columns.
#
# clang-format breaks code and leaves comments as they are.  Free are lines with
# a string or an address of the web, which are not broken, and the steps and
# events of scripts, which are a line each.

top_srcdir=${top_srcdir:-$(dirname "$0")/../..}
cd "$top_srcdir" || exit 99
LC_ALL=C.UTF-8
export LC_ALL

# Fails where lines are counted in octets.
if [ "$(printf '××\n' | grep -cE '^.{3}')" != 0 ]; then
  echo 'skipped: no locale with UTF-8'
  exit 77
fi

sources=$(find lib include examples tests bench doc -name '*.[ch]' \
  ! -path include/tcpflow/version.h | sort)
scripts=$(find tests -name '*.flow' | sort)
long=$({
  echo "$sources" | xargs grep -nE '^.{81}' /dev/null |
    grep -vE '"|https?://|github\.com/'
  echo "$scripts" | xargs grep -nE '^#.{80}' /dev/null
})
[ -z "$long" ] || echo "$long"

count=$(printf '%s\n' "$sources" "$scripts" | wc -l)
failures=$(printf '%s' "$long" | grep -c '')
echo "$count files, $failures lines of more than 80 columns"
[ "$failures" = 0 ] && [ "$count" -gt 100 ]
