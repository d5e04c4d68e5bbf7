#!/bin/sh
# tests/oracle/check-one-side.sh - what is told of one side needs no other side.
#
# one_side.py says what the oracle is and what is compared.  All captures take
# half a minute, so a run has those at one point, of a part of the scenarios.

. "$srcdir/oracle/need.sh"
need_tool python3
need_data truth/dataset
need_events
PYTHONDONTWRITEBYTECODE=1 exec python3 "$srcdir/oracle/one_side.py" \
  "$events" "$shared"/truth/dataset/[c-m]*/A.pcap
