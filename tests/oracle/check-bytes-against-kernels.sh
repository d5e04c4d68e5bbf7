#!/bin/sh
# tests/oracle/check-bytes-against-kernels.sh - both streams are what the
# applications sent.
#
# kernel_bytes.py says what the oracle is and what is compared.

. "$srcdir/oracle/need.sh"
need_tool python3
need_data truth/dataset
need_events
PYTHONDONTWRITEBYTECODE=1 exec python3 "$srcdir/oracle/kernel_bytes.py" \
  "$events" "$shared/truth/dataset"
