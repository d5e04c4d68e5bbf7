#!/bin/sh
# tests/oracle/check-states-against-kernels.sh - the states of both endpoints are
# those of two Linux kernels.
#
# kernel_states.py says what the oracle is and what is compared.

. "$srcdir/oracle/need.sh"
need_tool python3
need_data truth/dataset
need_events
PYTHONDONTWRITEBYTECODE=1 exec python3 "$srcdir/oracle/kernel_states.py" \
  "$events" "$shared/truth/dataset"
