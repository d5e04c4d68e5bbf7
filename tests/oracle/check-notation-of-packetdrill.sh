#!/bin/sh
# tests/oracle/check-notation-of-packetdrill.sh - packets are written in
# packetdrill's notation and read back, and scripts' segments are read.
#
# drillback writes and reads the packets of one capture in 12, or of all with
# `make check FULL=1`; packetdrill_lines.py says how the scripts are compared.

. "$srcdir/oracle/need.sh"
need_tool python3
need_data corpus/pcap
need_data corpus/packetdrill
[ -x oracle/drillback ] || skip 'oracle/drillback was left out: no libpcap'

every=12
[ -z "$FULL" ] || every=1
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

find "$shared/corpus/pcap" -type f | sort |
  awk -v every="$every" 'NR % every == 0' >"$work/files"
while read -r file; do
  oracle/drillback "$file" 2>&1 </dev/null | sed "s|^|${file##*/} |"
done <"$work/files" >"$work/found"
awk '
  $NF == "differences" {
    captures++
    written += $(NF - 11)
    next
  }
  other++ < 40
  END {
    printf "%d captures: %d packets written and read back, %d differ\n",
      captures, written, other
    exit written == 0 || other > 0
  }
' "$work/found" || failed=1

PYTHONDONTWRITEBYTECODE=1 python3 "$srcdir/oracle/packetdrill_lines.py" \
  oracle/drillback "$shared/corpus/packetdrill" || failed=1
exit ${failed:-0}
