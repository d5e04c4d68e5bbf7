# tests/oracle/need.sh - what every check of this folder begins with; sourced.
#
# An oracle is somebody else's: where it, its captures or its interpreter are
# missing, a check has nothing to compare with and is skipped.

shared=$top_srcdir/../shared
events=$top_builddir/examples/events
streams=$top_builddir/examples/streams

# skip WHAT...: ends the check.
skip() {
  echo "skipped: $*"
  exit 77
}

# need_tool NAME...: programs.
need_tool() {
  for tool in "$@"; do
    command -v "$tool" >/dev/null || skip "$tool is missing"
  done
}

# need_data FOLDER: beneath ../shared.
need_data() {
  [ -d "$shared/$1" ] || skip "no oracle: $shared/$1 is missing"
}

# need_events, need_streams: the example programs.
need_events() {
  [ -x "$events" ] || skip "$events was left out"
}
need_streams() {
  [ -x "$streams" ] || skip "$streams was left out"
}
