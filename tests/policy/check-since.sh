#!/bin/sh
# tests/policy/check-since.sh - every public declaration says since when.
#
# Looks at the functions and types of the public headers (a macro or an enum
# member may be one of a set), and compares a function's @since with the node
# that it has in the symbol map.

top_srcdir=${top_srcdir:-$(dirname "$0")/../..}
cd "$top_srcdir" || exit 99

find include/tcpflow -name '*.h' ! -name version.h -o -name '*.h.in' | sort |
  xargs awk '
  function complain(what) {
    printf "%s:%d: %s\n", FILENAME, FNR, what
    bad = 1
  }

  # The symbol map comes first.
  FILENAME == "lib/libtcpflow.map" {
    if ($1 ~ /^TCPFLOW_[0-9.]+$/) node = substr($1, 9)
    if ($1 ~ /^tcpflow_[a-z0-9_]+;$/) since[substr($1, 1, length($1) - 1)] = node
    next
  }

  /^\/\*\*/ { comment = ""; inside = 1 }
  inside {
    comment = comment $0 "\n"
    if (/\*\//) inside = 0
    next
  }

  # The name comes on this line or on a later one of the same declaration.
  wanted_by != "" || /^TCPFLOW_API / {
    if (wanted_by == "") { wanted_by = comment; line = FNR }
    if (match($0, /tcpflow_[a-z0-9_]+\(/)) {
      name = substr($0, RSTART, RLENGTH - 1)
      release = wanted_by
      sub(/.*@since /, "", release)
      sub(/[^0-9.].*/, "", release)
      functions++
      if (wanted_by !~ /@since [0-9]+\.[0-9]/)
        complain(name "() has no @since")
      else if (name in since && since[name] != release)
        complain(name "() is @since " release ", but in the map since " \
          since[name])
      wanted_by = comment = ""
    } else if (/;/) {
      complain("cannot find the name of this function")
      wanted_by = comment = ""
    }
    next
  }

  /^(typedef|static inline) / {
    if (comment !~ /@since [0-9]+\.[0-9]/)
      complain("has no @since: " $0)
    comment = ""
  }

  # A comment belongs to what follows it, not to what comes much later.
  /^#(if|endif|include|ifndef)/ || /^}/ || /^TCPFLOW_BEGIN_DECLS/ { comment = "" }

  END {
    if (functions == 0) {
      print "found no functions"
      bad = 1
    }
    printf "%d functions\n", functions
    exit bad
  }' lib/libtcpflow.map
