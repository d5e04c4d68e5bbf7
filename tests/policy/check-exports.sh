#!/bin/sh
# tests/policy/check-exports.sh - the headers, the symbol map and the shared
# library name the same functions, and the library has no variables.
#
# What a header declares TCPFLOW_API, the map lists, the shared library shows,
# each of the three no more and no less.  Objects may hold constants only:
# whatever changes hangs off an object that the caller made.

top_srcdir=${top_srcdir:-$(dirname "$0")/../..}
top_builddir=${top_builddir:-$top_srcdir/build}
lib=$top_builddir/lib/.libs
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
failures=0
# NM may be a command with options; it is left unquoted for that.

# differ FIRST SECOND: what only one of two sorted lists has.
differ() {
  for name in $(comm -23 "$scratch/$1" "$scratch/$2"); do
    echo "$name: in the $1, not in the $2"
    failures=$((failures + 1))
  done
}

same() {
  differ "$1" "$2"
  differ "$2" "$1"
}

# A declaration may take several lines: comments out, one line each, and the
# name is the first one before a parenthesis.
find "$top_srcdir/include/tcpflow" -name '*.h' ! -name version.h -o \
  -name '*.h.in' | sort | xargs cat | grep -v '^#' | tr '\n' ' ' |
  sed 's,/\*,\n&,g' | sed 's,^/\*.*\*/,,' | tr '\n' ' ' |
  sed 's/TCPFLOW_API /\n&/g' |
  sed -n 's/^TCPFLOW_API [^(]*[ *]\(tcpflow_[a-z0-9_]*\)(.*/\1/p' |
  sort >"$scratch/headers"

sed -n 's/#.*//; s/^ *\(tcpflow_[a-z0-9_]*\);.*/\1/p' \
  "$top_srcdir/lib/libtcpflow.map" | sort >"$scratch/map"

if [ ! -s "$scratch/headers" ] || [ ! -s "$scratch/map" ]; then
  echo 'found no declarations'
  exit 1
fi
for list in headers map; do
  for name in $(uniq -d "$scratch/$list"); do
    echo "$name: twice in the $list"
    failures=$((failures + 1))
  done
done
same headers map

if [ "${TCPFLOW_PLAIN_BUILD:-yes}" != yes ]; then
  echo 'instrumented build: the symbols of the library were not looked at'
elif [ -f "$lib/libtcpflow.so" ]; then
  ${NM:-nm} -D --defined-only "$lib/libtcpflow.so" |
    awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' |
    sort -u >"$scratch/shared-library"
  same map shared-library
fi

if [ "${TCPFLOW_PLAIN_BUILD:-yes}" = yes ] &&
  [ -f "$lib/libtcpflow-core.a" ]; then
  # Name|Value|Class|Type|Size|Line|Section; .data.rel.ro is constant once the
  # program runs.
  ${NM:-nm} -f sysv "$lib/libtcpflow-core.a" | awk -F '|' '
    /\.o\]:$|\.o:$/ { object = $0 }
    {
      section = $7
      gsub(/ /, "", section)
      gsub(/ /, "", $1)
    }
    $4 ~ /OBJECT|TLS/ && section ~ /^\.?(data|bss|tdata|tbss|\*?COM)/ &&
      section !~ /^\.data\.rel\.ro/ {
      printf "%s is a variable (%s)\n", $1, section
    }' >"$scratch/variables"
  if [ -s "$scratch/variables" ]; then
    cat "$scratch/variables"
    failures=$((failures + 1))
  fi
fi

echo "$(wc -l <"$scratch/map") functions, $failures failures"
[ "$failures" = 0 ]
