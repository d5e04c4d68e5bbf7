/*
 * lib/text/ip6optline.c - IPv6 options (RFC 8200 section 4.2) as tcpdump -v
 * writes them.
 *
 * Room: text.  Includes: wire.
 */
#include "text/address.h"
#include "text/chainline.h"

enum {
  PAD1 = 0,
  PADN = 1,
  ROUTER_ALERT = 5,   /* RFC 2711. */
  JUMBO = 0xc2,       /* RFC 2675. */
  HOME_ADDRESS = 0xc9 /* RFC 6275 section 6.3. */
};

/* What -v alone writes. */
static void put(const tcpflow__view *view, const char *word) {
  tcpflow__put(view->line, view->verbose ? word : "");
}

static void put_number(const tcpflow__view *view, const char *word,
                       uint64_t number, const char *behind) {
  if (view->verbose) {
    tcpflow__put_word(view->line, word, number);
    tcpflow__put(view->line, behind);
  }
}

/* Octets of an option; 0: its end is beyond that of the list. */
static uint32_t size_of(const uint8_t *option, uint32_t left) {
  uint32_t size = 1;

  if (option[0] != PAD1) {
    size = left < 2 ? left + 1 : option[1] + 2U;
  }
  return size > left ? 0 : size;
}

/* Options inside a home address option.  Answers 0 if they are cut. */
static void put_inner(const tcpflow__view *view, const uint8_t *options,
                      uint32_t size) {
  uint32_t step = 0;

  for (uint32_t at = 0; at < size; at += step) {
    step = size_of(options + at, size - at);
    if (step == 0) {
      put(view, "[trunc] ");
      return;
    }
    if (options[at] == PAD1 || options[at] == PADN) {
      put(view, options[at] == PAD1 ? ", pad1" : ", padn");
    } else if (view->verbose) {
      tcpflow__put_hex_word(view->line, ", sopt_type 0x", options[at], 2);
      tcpflow__put_word(view->line, ": len=", options[at + 1]);
    }
  }
}

static int put_home_address(const tcpflow__view *view, const uint8_t *option,
                            uint32_t size) {
  if (size < 18) {
    put_number(view, "(homeaddr: invalid len ", option[1], ")");
    return 0;
  }
  if (view->verbose) {
    tcpflow__put(view->line, "(homeaddr: ");
    tcpflow__put_address(view->line, 6, option + 2);
    put_inner(view, option + 18, size - 18);
    tcpflow__put_char(view->line, ')');
  }
  return 1;
}

/* It counts where the header says no length, and once. */
static int put_jumbo(tcpflow__view *view, const uint8_t *option,
                     uint32_t size) {
  if (size != 6) {
    put_number(view, "(jumbo: invalid len ", option[1], ")");
    return 0;
  }
  const uint32_t length = tcpflow__fetch32(option + 2);
  const char *why = ") ";

  if (view->jumbo) {
    why = " - already seen) ";
  } else if (!view->no_length) {
    why = " - payload len != 0) ";
  } else if (length < 65536) {
    why = " - < 65536) ";
  } else {
    view->jumbo = 1;
    view->jumbo_length = length;
  }
  put_number(view, "(jumbo: ", length, why);
  return 1;
}

static int put_alert(const tcpflow__view *view, const uint8_t *option,
                     uint32_t size) {
  if (size != 4) {
    put_number(view, "(rtalert: invalid len ", option[1], ")");
    return 0;
  }
  if (view->verbose) {
    tcpflow__put_hex_word(view->line, "(rtalert: 0x",
                          tcpflow__fetch16(option + 2), 4);
    tcpflow__put(view->line, ") ");
  }
  return 1;
}

/* All of its SIZE octets are there. */
static int put_option(tcpflow__view *view, const uint8_t *option,
                      uint32_t size) {
  switch (option[0]) {
  case PAD1:
    put(view, "(pad1)");
    return 1;
  case PADN:
    put(view, "(padn)");
    return 1;
  case ROUTER_ALERT:
    return put_alert(view, option, size);
  case JUMBO:
    return put_jumbo(view, option, size);
  case HOME_ADDRESS:
    return put_home_address(view, option, size);
  default:
    if (view->verbose) {
      tcpflow__put_hex_word(view->line, "(opt_type 0x", option[0], 2);
      put_number(view, ": len=", option[1], ")");
    }
    return 1;
  }
}

int tcpflow__put_ip6_options(tcpflow__view *view, const uint8_t *options,
                             uint32_t size) {
  uint32_t step = 0;

  for (uint32_t at = 0; at < size; at += step) {
    step = size_of(options + at, size - at);
    if (step == 0 || !put_option(view, options + at, step)) {
      return 0;
    }
  }
  put(view, " ");
  return 1;
}
