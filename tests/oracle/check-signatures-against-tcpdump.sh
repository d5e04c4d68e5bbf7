#!/bin/sh
# tests/oracle/check-signatures-against-tcpdump.sh - MD5 signatures are those
# that tcpdump computes.
#
# Nobody tells the keys of the captures in ../shared, so oracle/sign signs them
# anew, with the library; tcpdump -M has to find each signature valid, and none
# with another key.

. "$srcdir/oracle/need.sh"
need_tool tcpdump
need_data corpus/pcap
[ -x oracle/sign ] || skip 'oracle/sign was left out: libpcap is missing'
tcpdump --version 2>&1 | grep -q OpenSSL || skip 'tcpdump without OpenSSL'

scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
total=0
failures=0

# valid KEY: how many signatures tcpdump finds right.
valid() {
  tcpdump -nn -v -M "$1" -r "$scratch/signed" 2>/dev/null |
    grep -c 'md5 valid'
}

for capture in "$shared"/corpus/packetdrill/*/*md5*.pcap \
  "$shared"/corpus/pcap/*/*bgp*.pcap "$shared"/corpus/pcap/*/*4710*.pcap; do
  told=$(oracle/sign 'a key of ours' "$capture" "$scratch/signed") || exit 1
  count=${told% *}
  total=$((total + count))
  if [ "$(valid 'a key of ours')" != "$count" ] ||
    [ "$(valid 'another key')" != 0 ]; then
    echo "$capture: $count signed, tcpdump: $(valid 'a key of ours')"
    failures=$((failures + 1))
  fi
done

echo "$total signatures, $failures failures"
[ "$failures" = 0 ] && [ "$total" -gt 0 ]
