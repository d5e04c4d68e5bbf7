#!/bin/sh
# tests/oracle/check-facts-of-packetdrill.sh - the kernel under test stands where
# the scripts say.
#
# packetdrill_facts.py says what the oracle is and what is compared.

. "$srcdir/oracle/need.sh"
need_tool python3
need_data corpus/packetdrill
need_events
PYTHONDONTWRITEBYTECODE=1 exec python3 "$srcdir/oracle/packetdrill_facts.py" \
  "$events" "$shared/corpus/packetdrill"
