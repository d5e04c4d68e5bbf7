#!/bin/sh
# tests/oracle/check-mutations-of-kernels.sh - captures of two Linux kernels,
# damaged: what cannot matter does not matter, and what hides something does not
# make nonsense.
#
# kernel_mutations.py says what is changed and what is compared.  FULL=1: five
# times, with other dice.

. "$srcdir/oracle/need.sh"
need_tool python3
need_data truth/dataset
need_events
export PYTHONDONTWRITEBYTECODE=1
seeds=1
[ "$FULL" = 1 ] && seeds='1 2 3 4 5'
for SEED in $seeds; do
  export SEED
  python3 "$srcdir/oracle/kernel_mutations.py" "$events" \
    "$shared/truth/dataset" AMB || exit 1
done
