#!/bin/sh
# tests/policy/check-samples.sh - samples of the headers that a test runs are what
# the test runs, but for the white space.

top_srcdir=${top_srcdir:-$(dirname "$0")/../..}
cd "$top_srcdir" || exit 99

# sample HEADER FUNCTION: the code in the comment above a function.
sample() {
  awk -v name="$2(" '
    /^\/\*\*/ { code = "" }
    / @endcode/ { inside = 0 }
    inside { sub(/^ \* ?/, ""); code = code $0 "\n" }
    / @code/ { inside = 1 }
    /^TCPFLOW_API/ { declaration = 1 }
    declaration && index($0, name) { printf "%s", code; exit }
    /;$/ { declaration = 0 }' "$1"
}

squeeze() {
  tr -s ' \n' '  '
}

failures=0

# same HEADER FUNCTION TEST
same() {
  code=$(sample "$1" "$2" | squeeze)
  [ -n "$code" ] || {
    echo "$1: no sample at $2()"
    failures=$((failures + 1))
    return
  }
  squeeze <"$3" | grep -qF "$code" || {
    echo "$3: it does not run the sample of $2() in $1"
    failures=$((failures + 1))
  }
}

same include/tcpflow/conn.h tcpflow_conn_claims tests/unit/conn/test_claims.c

echo "$failures failures"
[ "$failures" = 0 ]
