#!/bin/sh
# tests/oracle/check-streams-against-tools.sh - the files of examples/streams
# are what tshark follows and tcpflow writes.
#
# tool_streams.py says what is compared.  Of tcpflow, only if it is there.

. "$srcdir/oracle/need.sh"
need_tool python3 tshark
need_data corpus/pcap
need_streams
export PYTHONDONTWRITEBYTECODE=1
python3 "$srcdir/oracle/tool_streams.py" tshark "$streams" "$shared/corpus" ||
  exit 1
command -v tcpflow >/dev/null || exit 0
exec python3 "$srcdir/oracle/tool_streams.py" tcpflow "$streams" \
  "$shared/corpus"
