/*
 * lib/text/optform.h - how tcpdump writes each TCP option.
 *
 * Room: text.  Includes: options.
 */
#ifndef TCPFLOW__TEXT_OPTFORM_H
#define TCPFLOW__TEXT_OPTFORM_H

#include <tcpflow/options.h>

#include "text/line.h"
#include "text/scan.h"

typedef struct tcpflow__option_form {
  uint8_t kind;
  uint8_t size;     /* Octets of data that the form takes. */
  const char *name; /* As tcpdump writes it; empty for one kind. */
  const char *form; /* NULL: the data needs code of its own. */
} tcpflow__option_form;

/* The form of a kind; NULL for one that tcpdump does not name. */
const tcpflow__option_form *tcpflow__option_form_of(unsigned kind);

/* The form whose name the text goes on with, which is taken; NULL: none. */
const tcpflow__option_form *tcpflow__option_form_scan(tcpflow__scan *scan);

/* Multipath TCP's subtypes (RFC 8684 section 8.1), and their names; the last
   one is for all others. */
enum {
  TCPFLOW__MPTCP_CAPABLE,
  TCPFLOW__MPTCP_JOIN,
  TCPFLOW__MPTCP_DSS,
  TCPFLOW__MPTCP_ADD_ADDRESS,
  TCPFLOW__MPTCP_REMOVE_ADDRESS,
  TCPFLOW__MPTCP_PRIORITY,
  TCPFLOW__MPTCP_FAIL,
  TCPFLOW__MPTCP_FAST_CLOSE,
  TCPFLOW__MPTCP_UNKNOWN,
  TCPFLOW__MPTCP_SUBTYPES
};
extern const char *const tcpflow__mptcp_names[TCPFLOW__MPTCP_SUBTYPES];

/* How what follows the fourth octet of such an option is written; NULL: an
   option of this subtype cannot have LENGTH octets, or has no form. */
const char *tcpflow__mptcp_form(unsigned subtype, unsigned length);

/* What tcpdump makes of the low bits of ADD_ADDR's third octet; NULL: it has
   no word for them. */
const char *tcpflow__mptcp_address_bits(unsigned bits);

#endif /* TCPFLOW__TEXT_OPTFORM_H */
