#!/bin/sh
# tests/policy/check-layers.sh - a room includes itself and rooms below it.
#
# A room is a folder of lib/, and its floor is the number in the table below.
# Rooms on one floor do not know each other.  A public header belongs to a room,
# so including it is looking into that room.  Sequence numbers are compared in
# one place only, so a hand-made comparison elsewhere is found here as well.

top_srcdir=${top_srcdir:-$(dirname "$0")/../..}
cd "$top_srcdir" || exit 99

find lib include/tcpflow \( -name '*.[ch]' -o -name '*.h.in' \) -print |
  sort | xargs awk '
  BEGIN {
    split("base wire decode frag options", low, " ")
    for (i = 1; i <= 5; i++) floor[low[i]] = i
    floor["segment"] = floor["fsm"] = floor["reasm"] = 6
    floor["conn"] = 7
    floor["track"] = floor["queue"] = 8
    floor["text"] = 9
    # analysis sees what any caller sees: public headers, all of them.
    floor["analysis"] = 10
    floor["everything"] = 11

    room["base"] = room["version"] = "base"
    room["wire"] = "wire"
    room["packet"] = room["build"] = "decode"
    room["frag"] = "frag"
    room["options"] = room["option_values"] = room["auth"] = "options"
    room["segment"] = "segment"
    room["state"] = "fsm"
    room["stream"] = "reasm"
    room["conn"] = room["facts"] = room["anomaly"] = "conn"
    room["tracker"] = "track"
    room["queue"] = "queue"
    room["text"] = room["option_names"] = room["packetdrill"] = "text"
    room["profile"] = "text"
    room["analysis"] = "analysis"
    room["tcpflow"] = "everything"
  }

  function complain(what) {
    printf "%s:%d: %s\n", FILENAME, FNR, what
    bad = 1
  }

  FNR == 1 {
    files++
    n = split(FILENAME, part, "/")
    name = part[n]
    sub(/\.h(\.in)?$|\.c$/, "", name)
    public = part[1] == "include"
    own = public ? room[name] : part[2]
    if (!(own in floor))
      complain("in no room; check-layers.sh has a table of them")
  }

  /^[ \t]*#[ \t]*include[ \t]*"/ {
    header = $0
    sub(/^[^"]*"/, "", header)
    sub(/".*/, "", header)
    depth = split(header, part, "/")
    if (public)
      complain("a public header includes public headers only, as <tcpflow/...>")
    else if (depth != 2 || !(part[1] in floor))
      complain("write \"room/file.h\", not \"" header "\"")
    else if (own == "analysis" && part[1] != own)
      complain("analysis includes <tcpflow/...> only, not \"" header "\"")
    else if (part[1] != own && floor[part[1]] >= floor[own])
      complain(own " includes \"" header "\", which is not below it")
  }

  /^[ \t]*#[ \t]*include[ \t]*<tcpflow\// {
    header = $0
    sub(/^[^<]*<tcpflow\//, "", header)
    sub(/\.h>.*/, "", header)
    if (!(header in room))
      complain("<tcpflow/" header ".h> is in no room; check-layers.sh has a table")
    else if (own != "analysis" && room[header] != own &&
             floor[room[header]] >= floor[own])
      complain(own " includes <tcpflow/" header ".h>, which is not below it")
  }

  # (int32_t)(a - b): the usual way to compare by hand.
  /\(int32_t\)[ ]*\([^()]* - [^()]*\)/ && FILENAME != "include/tcpflow/wire.h" {
    complain("compare sequence numbers with tcpflow_seq_lt() and its sisters")
  }
  # hdr->seq < x, seg.ack >= y; shifts, arrows and 64-bit names do not match.
  /(->|\.|^|[ (!])(seq|ack|isn|iss|irs)( <| >)=? / {
    complain("compare sequence numbers with tcpflow_seq_lt() and its sisters")
  }

  END {
    if (files < 3) {
      print "found no sources"
      bad = 1
    }
    printf "%d files\n", files
    exit bad
  }'
