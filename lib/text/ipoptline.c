/*
 * lib/text/ipoptline.c - IPv4 options (RFC 791 section 3.1) as tcpdump -v
 * writes them.
 *
 * Room: text.  Includes: wire.
 */
#include "text/address.h"
#include "text/ipline.h"

enum {
  FIRST = 20, /* Where options start in the header. */
  END = 0,
  NOP = 1,
  RECORD_ROUTE = 7,
  TIMESTAMP = 68,
  SECURITY = 130,
  LOOSE_ROUTE = 131,
  TRACEROUTE = 82, /* RFC 1393. */
  STRICT_ROUTE = 137,
  ROUTER_ALERT = 148 /* RFC 2113. */
};

static const char *name_of(unsigned kind) {
  switch (kind) {
  case END:
    return "EOL";
  case NOP:
    return "NOP";
  case RECORD_ROUTE:
    return "RR";
  case TIMESTAMP:
    return "timestamp";
  case SECURITY:
    return "security";
  case LOOSE_ROUTE:
    return "LSRR";
  case TRACEROUTE:
    return "traceroute";
  case STRICT_ROUTE:
    return "SSRR";
  case ROUTER_ALERT:
    return "RA";
  default:
    return NULL;
  }
}

static void put_bad(tcpflow__line *line, const char *what, unsigned number) {
  tcpflow__put_word(line, what, number);
  tcpflow__put_char(line, ']');
}

/* All LENGTH octets of an option are there, from its kind on. */
static tcpflow__ip_options_end
put_route(tcpflow__line *line, const uint8_t *option, unsigned length) {
  if (length < 3) {
    put_bad(line, " [bad length ", length);
    return TCPFLOW__IP_OPTIONS_WHOLE;
  }
  if ((length + 1) % 4 != 0) {
    put_bad(line, " [bad length ", length);
  }
  const unsigned pointer = option[2] - 1U;

  if (option[2] < 4 || option[2] % 4 != 0 || pointer > length + 1) {
    put_bad(line, " [bad ptr ", option[2]);
  }
  for (unsigned at = 3; at < length; at += 4) {
    if (length - at < 4) {
      return TCPFLOW__IP_OPTIONS_PART;
    }
    tcpflow__put_char(line, ' ');
    tcpflow__put_address(line, 4, option + at);
    tcpflow__put(line, option[2] != 0 && pointer <= at ? "" : ",");
  }
  return TCPFLOW__IP_OPTIONS_WHOLE;
}

static void put_stamp_head(tcpflow__line *line, const uint8_t *option,
                           unsigned length, unsigned hop) {
  tcpflow__put(line, " TS{");
  if ((length - 4) % hop != 0) {
    put_bad(line, "[bad length ", length);
  }
  if (option[2] < 5 || (option[2] - 5U) % hop != 0 || option[2] > length + 2) {
    put_bad(line, "[bad ptr ", option[2]);
  }
}

static tcpflow__ip_options_end put_stamps(tcpflow__line *line,
                                          const uint8_t *option,
                                          unsigned length, unsigned hop) {
  const unsigned pointer = option[2] - 1U;
  const char *before = " ";
  unsigned at = 4;

  for (; at < length; at += hop) {
    before = pointer == at ? " ^ " : before;
    if (length - at < hop) {
      return TCPFLOW__IP_OPTIONS_PART;
    }
    tcpflow__put(line, before);
    tcpflow__put_decimal(line, tcpflow__fetch32(option + at + hop - 4));
    tcpflow__put_char(line, '@');
    if (hop == 8) {
      tcpflow__put_address(line, 4, option + at);
    }
    before = " ";
  }
  tcpflow__put(line, pointer == at ? " ^ " : "");
  return TCPFLOW__IP_OPTIONS_WHOLE;
}

static void put_stamp_end(tcpflow__line *line, unsigned overflow) {
  if (overflow != 0) {
    tcpflow__put_word(line, " [", overflow);
    tcpflow__put(line, " hops not recorded]} ");
  } else {
    tcpflow__put_char(line, '}');
  }
}

static tcpflow__ip_options_end
put_timestamp(tcpflow__line *line, const uint8_t *option, unsigned length) {
  tcpflow__ip_options_end end = TCPFLOW__IP_OPTIONS_WHOLE;

  if (length < 4) {
    put_bad(line, "[bad length ", length);
    return end;
  }
  const unsigned type = option[3] & 0xfU;
  const unsigned hop = type == 0 ? 4 : 8;

  put_stamp_head(line, option, length, hop);
  if (type == 0 || type == 1 || type == 3) {
    tcpflow__put(line, type == 0   ? "TSONLY"
                       : type == 1 ? "TS+ADDR"
                                   : "PRESPEC");
    end = put_stamps(line, option, length, hop);
  } else {
    put_bad(line, "[bad ts type ", type);
    tcpflow__put(line, option[2] == 1 ? " ^ " : "");
  }
  if (end != TCPFLOW__IP_OPTIONS_WHOLE) {
    return end;
  }
  put_stamp_end(line, option[3] >> 4);
  return end;
}

static tcpflow__ip_options_end
put_data(tcpflow__line *line, const uint8_t *option, unsigned length) {
  switch (option[0]) {
  case TIMESTAMP:
    return put_timestamp(line, option, length);
  case RECORD_ROUTE:
  case LOOSE_ROUTE:
  case STRICT_ROUTE:
    return put_route(line, option, length);
  case ROUTER_ALERT:
    if (length < 4) {
      put_bad(line, " [bad length ", length);
    } else if (tcpflow__fetch16(option + 2) != 0) {
      tcpflow__put_word(line, " value ", tcpflow__fetch16(option + 2));
    }
    return TCPFLOW__IP_OPTIONS_WHOLE;
  default:
    return TCPFLOW__IP_OPTIONS_WHOLE;
  }
}

static void put_name(tcpflow__line *line, unsigned kind) {
  const char *const name = name_of(kind);

  if (name != NULL) {
    tcpflow__put(line, name);
  } else {
    tcpflow__put_word(line, "unknown ", kind);
  }
}

/* Octets that an option takes; 0: its length octet is not there. */
static unsigned size_of(const tcpflow__view *view, uint32_t at, unsigned kind) {
  const uint8_t *const length = tcpflow__view_at(view, at + 1, 1);

  if (kind == END || kind == NOP) {
    return 1;
  }
  return length == NULL ? 0 : length[0];
}

/* One option, LEFT octets before the end of the list; *SIZE becomes 0 if the
   list ends with it. */
static tcpflow__ip_options_end put_option(const tcpflow__view *view,
                                          uint32_t at, uint32_t left,
                                          unsigned *size) {
  const uint8_t *const kind = tcpflow__view_at(view, at, 1);

  *size = 0;
  if (kind == NULL) {
    return TCPFLOW__IP_OPTIONS_CUT;
  }
  put_name(view->line, kind[0]);
  if (kind[0] == END) {
    return TCPFLOW__IP_OPTIONS_WHOLE;
  }
  const unsigned length = size_of(view, at, kind[0]);

  if (length == 0 && tcpflow__view_at(view, at + 1, 1) == NULL) {
    return TCPFLOW__IP_OPTIONS_CUT;
  }
  if (length > left || (length < 2 && kind[0] != NOP)) {
    put_bad(view->line, " [bad length ", length);
    return TCPFLOW__IP_OPTIONS_WHOLE;
  }
  const uint8_t *const option = tcpflow__view_at(view, at, length);

  *size = length;
  return option == NULL ? TCPFLOW__IP_OPTIONS_PART
                        : put_data(view->line, option, length);
}

tcpflow__ip_options_end tcpflow__put_ip_options(const tcpflow__view *view,
                                                uint32_t header) {
  const char *separator = "";
  unsigned size = 1;

  for (uint32_t at = FIRST; at < header && size > 0; at += size) {
    tcpflow__put(view->line, separator);
    separator = ",";
    const tcpflow__ip_options_end end =
      put_option(view, at, header - at, &size);

    if (end != TCPFLOW__IP_OPTIONS_WHOLE) {
      return end;
    }
  }
  return TCPFLOW__IP_OPTIONS_WHOLE;
}
