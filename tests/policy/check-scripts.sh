#!/bin/sh
# tests/policy/check-scripts.sh - the scripts can be read as the manual's
# examples.
#
# Each begins with a comment that is one or more whole sentences, which
# doc/script-index.sh lists; and what doc/scripts.md shows is there.

top_srcdir=${top_srcdir:-$(dirname "$0")/../..}
cd "$top_srcdir" || exit 99

bad=0
for script in tests/script/*.flow; do
  comment=$(awk '!/^#/ { exit } { sub(/^# ?/, ""); printf "%s ", $0 }' "$script")
  case $comment in
  [A-Z0-9\"]*[.\)]\ ) ;;
  *)
    echo "$script: it begins with no comment of whole sentences"
    bad=1
    ;;
  esac
  case $comment in
  'The same, '*)
    echo "$script: the same as what?"
    bad=1
    ;;
  esac
done

for name in $(sed -n 's/^@include \(.*\.flow\)$/\1/p' doc/*.md); do
  if [ ! -f "tests/script/$name" ]; then
    echo "tests/script/$name: the manual shows it, and it is not there"
    bad=1
  fi
done
exit $bad
