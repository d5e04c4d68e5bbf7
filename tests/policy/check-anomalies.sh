#!/bin/sh
# tests/policy/check-anomalies.sh - every anomaly is told somewhere, and the manual
# says what other tools call it.
#
# Each name of anomaly.h is expected by a script or a unit test, as `anomaly SIDE
# NAME COUNT`, or by its constant; and has a row in doc/anomalies.md.

top_srcdir=${top_srcdir:-$(dirname "$0")/../..}
cd "$top_srcdir" || exit 99

names=$(sed -n 's/^  TCPFLOW_ANOMALY_\([A-Z0-9_]*\).*/\1/p' \
  include/tcpflow/anomaly.h)
[ -n "$names" ] || exit 99

bad=0
for constant in $names; do
  name=$(echo "$constant" | tr 'A-Z_' 'a-z-')
  if ! grep -qE "anomaly [a-z]+ $name x?[0-9]" \
    tests/script/*.flow tests/unit/conn/*.c tests/unit/track/*.c &&
    ! grep -qE "TCPFLOW_ANOMALY_$constant\\>" \
      tests/unit/conn/*.c tests/unit/track/*.c; then
    echo "$name: no script and no unit test expects it"
    bad=1
  fi
  if ! grep -q "^| \`$name\` |" doc/anomalies.md; then
    echo "$name: doc/anomalies.md has no row for it"
    bad=1
  fi
done
exit $bad
