#!/bin/sh
# tests/oracle/check-made-frames.sh - frames of every link type and tunnel say
# what was put into them.
#
# made_frames.py makes them from the standards, without the library.  `make check
# FULL=1` makes fifty times as many, and asks tshark about them too.

. "$srcdir/oracle/need.sh"
need_tool python3
more='--rounds 2'
if [ -n "$FULL" ]; then
  need_tool tshark
  more='--rounds 100 --tshark'
fi
# The options are words.
PYTHONDONTWRITEBYTECODE=1 exec python3 "$srcdir/oracle/made_frames.py" \
  --quiet $more oracle/fields
