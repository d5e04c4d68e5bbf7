#!/bin/sh
# tests/oracle/check-streams-against-tshark.sh - streams are what tshark follows.
#
# tshark_streams.py says what is compared.  `make check FULL=1` compares every
# capture of which two other tools think the same, which takes minutes.

. "$srcdir/oracle/need.sh"
need_tool python3 tshark
need_data corpus/pcap
need_events
PYTHONDONTWRITEBYTECODE=1 exec python3 "$srcdir/oracle/tshark_streams.py" \
  "$events" "$shared/corpus" ${FULL:+all}
