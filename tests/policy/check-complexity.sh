#!/bin/sh
# tests/policy/check-complexity.sh - functions of lib/ stay small.
#
# At most 10 decisions (McCabe as pmccabe modifies it: a switch counts once) and
# 60 lines.  complexity-allow.txt names the exceptions, each with its reason;
# an exception that is no longer needed has to go.

top_srcdir=${top_srcdir:-$(dirname "$0")/../..}
cd "$top_srcdir" || exit 99

if ! command -v pmccabe >/dev/null 2>&1; then
  echo 'skipped: no pmccabe'
  exit 77
fi

# A macro that hides a brace would make pmccabe lose its way in silence.
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
find lib -name '*.[ch]' | sort | xargs pmccabe >"$scratch/table" \
  2>"$scratch/complaints"
if [ -s "$scratch/complaints" ]; then
  echo 'pmccabe cannot read a file:'
  cat "$scratch/complaints"
  exit 1
fi

awk -v max_mccabe=10 -v max_lines=60 '
  FNR == 1 { file++ }
  file == 1 {
    if ($0 !~ /^#/ && NF > 0) {
      if (NF < 3) {
        printf "complexity-allow.txt:%d: %s has no reason\n", FNR, $1
        bad = 1
      }
      allowed[$1] = FNR
    }
    next
  }
  {
    functions++
    name = $NF
    too_much = $1 > max_mccabe || $5 > max_lines
    if (too_much && name in allowed)
      used[name] = 1
    else if (too_much) {
      printf "%s %s: %d decisions (at most %d), %d lines (at most %d)\n",
        $6, name, $1, max_mccabe, $5, max_lines
      bad = 1
    }
  }
  END {
    for (name in allowed)
      if (!(name in used)) {
        printf "complexity-allow.txt:%d: %s is small or gone\n",
          allowed[name], name
        bad = 1
      }
    if (functions == 0) {
      print "found no functions"
      bad = 1
    }
    printf "%d functions\n", functions
    exit bad
  }' tests/policy/complexity-allow.txt "$scratch/table"
