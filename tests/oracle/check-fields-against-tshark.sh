#!/bin/sh
# tests/oracle/check-fields-against-tshark.sh - headers and options say what
# tshark says.
#
# tshark_fields.py says what is compared.  `make check FULL=1` compares every
# capture whose layers are read, which takes minutes.

. "$srcdir/oracle/need.sh"
need_tool python3 tshark
need_data corpus/pcap
[ -x oracle/fields ] || skip 'oracle/fields was left out: libpcap is missing'
PYTHONDONTWRITEBYTECODE=1 exec python3 "$srcdir/oracle/tshark_fields.py" \
  oracle/fields "$shared/corpus" ${FULL:+all}
