#!/bin/sh
# tests/oracle/check-fields-against-tshark.sh - every header and option says what
# tshark says.
#
# tshark_fields.py says what is compared.  `make check FULL=1` compares every
# capture, which takes minutes, and leaves a table of all differences in
# oracle/differences.tsv.  What tshark said is kept in oracle/tshark-cache, or
# where TSHARK_CACHE says.

. "$srcdir/oracle/need.sh"
need_tool python3 tshark
need_data corpus/pcap
TSHARK_CACHE=${TSHARK_CACHE:-oracle/tshark-cache}
export TSHARK_CACHE
PYTHONDONTWRITEBYTECODE=1 exec python3 "$srcdir/oracle/tshark_fields.py" \
  ${FULL:+--all --differences oracle/differences.tsv} \
  oracle/fields "$shared/corpus"
