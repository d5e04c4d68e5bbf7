#!/bin/sh
# tests/examples/check-readme.sh - what the README quotes is what there is: its
# program is examples/connections.c, and each block that begins with
# `$ build/examples/...` is what that command prints, up to a line `...`.

export LC_ALL=C.UTF-8
readme=$abs_top_srcdir/README.md
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
failures=0

# block NUMBER: the n-th fenced block whose first line is a command.
block() {
  awk -v wanted="$1" '
    /^```/ { inside = !inside; first = inside; shown = 0; next }
    inside && first { first = 0; if (/^\$ build\/examples\//) { n++; shown = 1 } }
    inside && shown && n == wanted' "$readme"
}

awk '/^```c$/ { on = 1; next } /^```$/ { on = 0 } on' "$readme" >"$work/quoted"
if ! diff -u "$abs_top_srcdir/examples/connections.c" "$work/quoted"; then
  echo 'FAILED: the README quotes another program than examples/connections.c'
  failures=$((failures + 1))
fi

# The commands are the README's own and are run by a shell in the source tree.
count=0
cd "$abs_top_srcdir" || exit 99
while block $((count + 1)) >"$work/block" && [ -s "$work/block" ]; do
  count=$((count + 1))
  command=$(sed -n '1s/^\$ build\///p' "$work/block")
  program=${command%% *}
  if [ ! -x "$abs_top_builddir/$program" ]; then
    echo "left out: $program"
    continue
  fi
  sed -n '2,${/^\.\.\.$/q;p;}' "$work/block" >"$work/expected"
  sh -c "$abs_top_builddir/$command" >"$work/all" || failures=$((failures + 1))
  if grep -qx '\.\.\.' "$work/block"; then
    head -n "$(wc -l <"$work/expected")" "$work/all" >"$work/actual"
  else
    cp "$work/all" "$work/actual"
  fi
  if ! diff -u "$work/expected" "$work/actual"; then
    echo "FAILED: $command prints something else"
    failures=$((failures + 1))
  fi
done

echo "1 program, $count outputs, $failures failures"
[ "$failures" = 0 ]
