#!/bin/sh
# tests/oracle/check-options-against-tshark.sh - options have the values that
# tshark says.
#
# tshark_options.py says what is compared.  `make check FULL=1` compares every
# capture, which takes minutes.

. "$srcdir/oracle/need.sh"
need_tool python3 tshark mergecap
need_data corpus/pcap
[ -x oracle/option_values ] || skip 'oracle/option_values was left out'
PYTHONDONTWRITEBYTECODE=1 exec python3 "$srcdir/oracle/tshark_options.py" \
  oracle/option_values "$shared/corpus" ${FULL:+all}
