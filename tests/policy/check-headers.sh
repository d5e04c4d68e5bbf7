#!/bin/sh
# tests/policy/check-headers.sh - every public header compiles alone, in C99 and
# C11, C++98 and C++11, without a warning.
#
# Callers may be strict, and may be old.  C++98 knew neither long long nor
# variadic macros, but every compiler did.

top_srcdir=${top_srcdir:-$(dirname "$0")/../..}
top_builddir=${top_builddir:-$top_srcdir/build}
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT

warnings='-Wall -Wextra -Werror -pedantic -Wconversion -Wsign-conversion
  -Wshadow -Wundef -Wcast-qual'
failures=0

# try NAME COMPILER OPTION...: compiles $scratch/NAME, and nothing comes of it.
try() {
  file=$1
  shift
  # A compiler and the list of warnings are words, as in a Makefile.
  if ! $compiler "$@" $warnings -I"$top_builddir/include" \
    -I"$top_srcdir/include" -fsyntax-only "$scratch/$file"; then
    echo "<tcpflow/$header> does not compile: $compiler $*"
    failures=$((failures + 1))
  fi
}

cxx=
for candidate in "${CXX:-false}" c++ g++ clang++ clang++-14; do
  if echo 'int main() { return 0; }' |
    $candidate -x c++ -fsyntax-only - 2>/dev/null; then
    cxx=$candidate
    break
  fi
done
[ -n "$cxx" ] || echo 'without a C++ compiler: C only'

count=0
for header in $(cd "$top_srcdir/include/tcpflow" && find . -name '*.h' ! -name version.h |
  sed 's,^\./,,' | sort) version.h; do
  count=$((count + 1))
  for language in c cc; do
    # Twice: a header may be included by two others.
    printf '#include <tcpflow/%s>\n#include <tcpflow/%s>\nextern int probe;\n' \
      "$header" "$header" >"$scratch/probe.$language"
  done

  compiler=${CC:-cc}
  try probe.c -std=c99 -Wstrict-prototypes
  try probe.c -std=c11 -Wstrict-prototypes
  if [ -n "$cxx" ]; then
    compiler=$cxx
    try probe.cc -std=c++98 -Wno-long-long -Wno-variadic-macros
    try probe.cc -std=c++11
  fi
done

echo "$count headers, $failures failures"
[ "$failures" = 0 ] && [ "$count" -gt 1 ]
