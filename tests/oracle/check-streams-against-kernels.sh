#!/bin/sh
# tests/oracle/check-streams-against-kernels.sh - the files of examples/streams
# are what the applications sent.
#
# stream_files.py says what the oracle is and what is compared.

. "$srcdir/oracle/need.sh"
need_tool python3
need_data truth/dataset
need_streams
PYTHONDONTWRITEBYTECODE=1 exec python3 "$srcdir/oracle/stream_files.py" \
  "$streams" "$shared/truth/dataset"
