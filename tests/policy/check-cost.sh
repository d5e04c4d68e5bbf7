#!/bin/sh
# tests/policy/check-cost.sh - following a packet takes no more instructions
# than policy/cost.txt allows.
#
#   check-cost.sh            compares; less than allowed is never a failure
#   check-cost.sh --update   measures, and writes the table with a tenth more;
#                            top_builddir names another build tree than build/
#
# Counted by valgrind in bench/cost as this build made it, all callbacks set, or
# what stands behind a slash, 32 frames a call, the making of packets left out;
# so the load of the machine does not matter, but compiler and flags do, and
# where they are not those of the table there is nothing to compare.

here=$(cd "${srcdir:-$(dirname "$0")/..}/policy" && pwd) || exit 99
cost=${top_builddir:-$here/../../build}/bench/cost
table=$here/cost.txt
packets=4000
LC_ALL=C
export LC_ALL

skip() {
  echo "skipped: $*"
  exit 77
}

[ "${TCPFLOW_PLAIN_BUILD:-yes}" = yes ] || skip 'instrumented build'
[ "${TCPFLOW_DEBUG_BUILD:-no}" = no ] || skip 'assertions are counted, too'
command -v valgrind >/dev/null 2>&1 || skip 'no valgrind'
[ "$(uname -m)" = x86_64 ] || skip "no table for $(uname -m)"
[ -x "$cost" ] || skip "$cost was not built"

# setting NAME: what the head of the table says.
setting() {
  sed -n "s/^# $1: //p" "$table"
}

flags=${TCPFLOW_CFLAGS-$(setting flags)}
compiler=$("$cost" -n 100 -r 1 -k null short |
  sed -n 's/.*; compiler \(.*\); .* runs$/\1/p')
[ "$compiler" = "$(setting compiler)" ] ||
  skip "compiler $compiler; the table is of $(setting compiler)"
[ "$flags" = "$(setting flags)" ] ||
  skip "CFLAGS='$flags'; the table is of '$(setting flags)'"

# count WORKLOAD[/WHAT]: instructions a packet, those that open connections
# included.
count() {
  case $1 in
  */*) what=${1#*/} ;;
  *) what=all ;;
  esac
  counted=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null \
    --toggle-collect=cost_feed "$cost" -r 1 -b 32 -n "$packets" -k "$what" "${1%%/*}" \
    2>&1 >/dev/null | sed -n 's/.*Collected *: *//p')
  [ "${counted:-0}" -gt 0 ] || return 1
  echo $((counted / packets))
}

new=$(mktemp) || exit 99
trap 'rm -f "$new"' EXIT
sed -n '/^#/p' "$table" >"$new"
failures=0
while read -r workload bound; do
  took=$(count "$workload") || skip 'valgrind cannot count here'
  echo "$workload $((took + took / 10))" >>"$new"
  verdict=ok
  if [ "$took" -gt "$bound" ]; then
    verdict=FAILED
    failures=$((failures + 1))
  fi
  echo "$verdict: $workload takes $took instructions a packet, at most $bound"
done <<ROWS
$(grep -v '^#' "$table")
ROWS

if [ "${1-}" = --update ]; then
  cat "$new" >"$table"
  exit
fi
[ "$failures" = 0 ] ||
  echo "FAILED: $failures workloads take more than tests/policy/cost.txt allows"
[ "$failures" = 0 ]
