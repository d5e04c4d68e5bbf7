#!/bin/sh
# tests/fuzz/check-damaged-captures.sh - captures that others made, damaged in
# every way.
#
# mangle.c says how.  By default a few small captures, and of each a few frames;
# `make check FULL=1` takes all frames of all captures, which takes hours with a
# sanitizer.  MANGLE are further options, as `-f 50`.

. "$srcdir/oracle/need.sh"
need_data corpus/pcap
chosen() {
  find "$shared/corpus/pcap" "$shared/corpus/packetdrill" \
    "$shared/corpus/nontcp" "$shared/corpus/formats" -type f \
    ! -name '*.tsv' ! -name '*.csv' "$@" | sort
}
if [ -n "$FULL" ]; then
  chosen | tr '\n' '\0' | xargs -0 ./fuzz/mangle -k $MANGLE
else
  chosen -size -2 | awk 'NR % 60 == 1' | tr '\n' '\0' |
    xargs -0 ./fuzz/mangle -f 2 -b 40 -r 5 -l 16 $MANGLE
fi
