#!/bin/sh
# tests/examples/check-dump-against-tcpdump.sh - dump prints what the installed
# tcpdump prints, line by line, and reads it back.
#
# TCPFLOW_CORPUS     folder with pcap/; default: corpus beside the source tree,
#                    $top_srcdir/../shared/corpus.  Without it tests/data is all.
# TCPFLOW_CORPUS_ALL set to anything but 0: every capture, in some minutes.
#                    Otherwise one in 24.
#
# tcpdump_lines.py compares frame by frame, in several modes, and
# tcpdump-deviations.txt explains every record that may differ.  Then the lines
# of tcpdump are read and printed; readback-deviations.txt explains these.

dump=$top_builddir/examples/dump
[ -x "$dump" ] || {
  echo "skipped: $dump was left out"
  exit 77
}
command -v tcpdump >/dev/null 2>&1 || {
  echo 'skipped: no tcpdump'
  exit 77
}

command -v python3 >/dev/null 2>&1 || {
  echo 'skipped: no python3'
  exit 77
}

corpus=${TCPFLOW_CORPUS:-$top_srcdir/../shared/corpus}
every=24
[ "${TCPFLOW_CORPUS_ALL:-0}" = 0 ] || every=1
[ -d "$corpus/pcap" ] || echo "no corpus in $corpus: tests/data only"

work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
export TZ=UTC LC_ALL=C

find "$srcdir/data" -name '*.pcap*' >"$work/files"
for part in pcap formats nontcp; do
  [ ! -d "$corpus/$part" ] ||
    find "$corpus/$part" -type f ! -name '*.csv' | sort |
    awk -v every="$every" 'NR % every == 0' >>"$work/files"
done

status=0
tr '\n' '\0' <"$work/files" |
  PYTHONDONTWRITEBYTECODE=1 xargs -0 python3 "$srcdir/examples/tcpdump_lines.py" \
    "$dump" "$srcdir/examples/tcpdump-deviations.txt" || status=1

# Lines of TCP over IP, whole or without what follows the payload's length.  The
# interface of a
# cooked capture has a name on the host that captured only, and releases of
# tcpdump before Accurate ECN do not know the flag e.
cat >"$work/lines.awk" <<'END'
{
  line = $0
  end = "[0-9a-f.:]+"
  time = "( ?-?[0-9][0-9.:]*( [0-9][0-9]:[0-9.:]+)? |[ -][0-9][0-9]:[0-9.:]+ |\\[Error converting time\\] )"
  cooked = "([^ ]+ +(In |Out|B  |M  |P  |\\?  ) )?"
  cut = "(truncated-ip6? - [0-9]+ bytes missing! ?)?"
  extra = "((HBH |DSTOPT |RT6 \\([^)]*\\) |frag \\(0\\|[0-9]+\\) |AH\\([^)]*\\): )+([0-9]+ > [0-9]+: )?)?"
  what = "(Flags \\[[^]]*\\]| tcp [0-9]+ \\[bad hdr| ?\\[\\|tcp\\])"
  if ($0 !~ "^" time cooked "IP6? " cut end " > " end ": " extra what)
    next
  if (whole) {
    print line
    next
  }
  if (match($0, /Flags \[[A-Z.]*e\]/)) {
    bracket = RSTART + RLENGTH - 2
    $0 = substr($0, 1, bracket - 1) substr($0, bracket + 1)
    sub(/Flags \[\]/, "Flags [none]")
  }
  if (match($0, "^" time "[^ ]+ +(In |Out|B  |M  |P  |\\?  ) IP"))
    $0 = substr($0, 1, RSTART + RLENGTH - 7) "\001" substr($0, RSTART + RLENGTH - 6)
  if ($0 ~ "\001") {
    rest = substr($0, index($0, "\001") + 1)
    match($0, "^" time)
    $0 = substr($0, 1, RLENGTH) "?     " rest
  }
  at = index($0, "Flags [")
  tail = substr($0, at)
  if (at > 0 && match(tail, /, length [0-9]+( \[remaining caplen\([0-9]+\) < header length\([0-9]+\)\] \[\|tcp\])?/))
    $0 = substr($0, 1, at + RSTART + RLENGTH - 2)
  print
}
END

# compare NAME FILE: theirs and ours in $work; counts, and shows what differs.
compare() {
  lines=$((lines + $(wc -l <"$work/theirs")))
  cmp -s "$work/theirs" "$work/ours" && return
  diff "$work/theirs" "$work/ours" | grep '^[<>]' >"$work/differ"
  awk -v name="$1" -v file="${2##*/}" '
    FNR == NR {
      if ($0 !~ /^#/ && NF > 0) {
        pattern = $0
        sub(/^[^ ]+ +/, "", pattern)
        part[++parts] = $1
        known[parts] = pattern
      }
      next
    }
    {
      for (i = 1; i <= parts; i++)
        if ((part[i] == "*" || index(file, part[i]) > 0) && $0 ~ known[i]) {
          explained++
          next
        }
      if (shown++ < 4)
        printf "%s %s: %s\n", name, file, $0
      other++
    }
    END { printf "%d %d\n", explained, other > "/dev/stderr" }
  ' "$srcdir/examples/readback-deviations.txt" "$work/differ" 2>"$work/counts"
  read -r some other <"$work/counts"
  explained=$((explained + some))
  failures=$((failures + other))
}

files=0
lines=0
explained=0
failures=0

while read -r file; do
  "$dump" -nn -S -tt "$file" >"$work/dump.S" 2>"$work/complaint"
  grep -q 'is not supported' "$work/complaint" && continue
  files=$((files + 1))
  # The text of tcpdump, read and printed.  Lines that tell no whole TCP header
  # do not come back, nor do names of interfaces and headers behind that of IP.
  tcpdump -nn -K -S -tt -r "$file" 2>/dev/null >"$work/tcpdump"
  grep -q . "$work/tcpdump" || continue
  awk -f "$work/lines.awk" "$work/tcpdump" | grep 'Flags \[\|bad hdr' |
    sed -e 's/^\([0-9.]* \)?     ... /\1/' \
      -e 's/ \([^ ]*\) > \([^ ]*\): \([A-Zf].*\) \([0-9]*\) > \([0-9]*\): Flags/ \1.\4 > \2.\5: Flags/' \
      >"$work/theirs"
  awk -v whole=1 -f "$work/lines.awk" "$work/tcpdump" |
    "$dump" -nn -S -tt - 2>/dev/null |
    awk -f "$work/lines.awk" >"$work/ours"
  compare 'read back' "$file"
done <"$work/files"

echo "$files captures read back, $lines lines compared," \
  "$explained differences explained, $failures not"
[ "$status" = 0 ] && [ "$failures" = 0 ] && [ "$lines" -gt 0 ]
