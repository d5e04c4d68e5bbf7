#!/bin/sh
# tests/oracle/check-conns-against-zeek.sh - lines of our conn.log are Zeek's.
#
# zeek_conns.py says what is compared.

. "$srcdir/oracle/need.sh"
need_tool python3
need_data corpus/expected/zeek
connlog=$top_builddir/examples/connlog
[ -x "$connlog" ] || skip "$connlog was left out"
PYTHONDONTWRITEBYTECODE=1 exec python3 "$srcdir/oracle/zeek_conns.py" \
  "$connlog" "$shared/corpus"
