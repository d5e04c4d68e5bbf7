#!/bin/sh
# tests/policy/check-instructions.sh - decoding a plain packet, and its options,
# stays below the number of instructions that the manual promises.
#
# Counted by valgrind, so the load of the machine does not matter, in objects of
# its own that are compiled with -O2 and without assertions, so how this build
# was configured does not matter either.  The bounds leave gcc 12 a tenth and
# clang 14 a twentieth; what exceeds them is a change of the code.

here=$(cd "${srcdir:-$(dirname "$0")/..}/policy" && pwd) || exit 99
top_srcdir=${top_srcdir:-$here/../..}
top_builddir=${top_builddir:-$top_srcdir/build}
lib=$top_srcdir/lib
bench=$top_srcdir/bench
LC_ALL=C
export LC_ALL

skip() {
  echo "skipped: $*"
  exit 77
}

[ "${TCPFLOW_PLAIN_BUILD:-yes}" = yes ] || skip 'instrumented build'
command -v valgrind >/dev/null 2>&1 || skip 'no valgrind'
[ "$(uname -m)" = x86_64 ] || skip "no bounds for $(uname -m)"
# CC may be a command with options; it is left unquoted for that.
${CC:-cc} --version 2>/dev/null | grep -qE 'gcc|Free Software|clang' ||
  skip "no bounds for ${CC:-cc}"

scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT

# compile PROGRAM SOURCE...: with the rooms that decoding needs.
compile() {
  program=$scratch/$1
  shift
  ${CC:-cc} -std=gnu11 -O2 -DNDEBUG -fvisibility=hidden \
    -I"$top_builddir/include" -I"$top_srcdir/include" -I"$lib" \
    -o "$program" "$@" "$lib"/base/*.c "$lib"/wire/*.c "$lib"/decode/*.c \
    "$lib"/options/*.c || exit 1
}

compile packets "$bench/packets.c" "$bench/lossy.c" "$bench/maker.c" \
  "$bench/traffic.c" "$bench/workload.c"
compile decode "$bench/decode.c"

# count WORKLOAD PASSES
count() {
  valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null \
    "$scratch/decode" options "$2" <"$scratch/$1" 2>&1 |
    sed -n 's/.*I *refs: *//p' | tr -d ,
}

failures=0
packets=2000
while read -r workload bound; do
  "$scratch/packets" "$workload" "$packets" >"$scratch/$workload" || exit 1
  one=$(count "$workload" 1)
  three=$(count "$workload" 3)
  [ -n "$one" ] && [ -n "$three" ] || skip 'valgrind cannot count here'
  took=$(((three - one) / 2 / packets))
  echo "$workload: $took instructions a packet, at most $bound"
  # What takes nothing was not measured.
  if [ "$took" -gt "$bound" ] || [ "$took" -lt 50 ]; then
    failures=$((failures + 1))
  fi
done <<'BOUNDS'
short 250
bulk 250
short-ipv6 250
short-ipv6-vlan 265
syn 290
BOUNDS
[ "$failures" = 0 ]
