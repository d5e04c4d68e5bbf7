/*
 * lib/options/kinds.c - the registry of option kinds: one row, one kind.
 *
 * Room: options.  Includes: nothing of ours.  After IANA's "TCP Option Kind
 * Numbers".  RFC 6247 made the RFCs behind kinds 6, 7 and 9 to 15 historic;
 * RFC 5925 made RFC 2385, kind 19, obsolete.  The lengths of kinds 20 to 23 are
 * those of CCSDS 714.0-B; those of kinds 76 and 78 are what Riverbed's devices
 * send.
 */
#include "options/kinds.h"

/* clang-format off */
#define ROWS(R)                                                               \
  /* kind                   min  max  step also place    many flags     */    \
  R(EOL,                      1,   1,  1,  0,  ANY,      1,  0)               \
  R(NOP,                      1,   1,  1,  0,  ANY,      1,  0)               \
  R(MSS,                      4,   4,  1,  0,  SYN,      0,  0)               \
  R(WSCALE,                   3,   3,  1,  0,  SYN,      0,  0)               \
  R(SACK_PERMITTED,           2,   2,  1,  0,  SYN,      0,  0)               \
  R(SACK,                    10,  34,  8,  0,  NOT_SYN,  0,  0)               \
  R(ECHO,                     6,   6,  1,  0,  ANY,      0,  OBSOLETE)        \
  R(ECHO_REPLY,               6,   6,  1,  0,  ANY,      0,  OBSOLETE)        \
  R(TIMESTAMPS,              10,  10,  1,  0,  ANY,      0,  0)               \
  R(POC_PERMITTED,            2,   2,  1,  0,  SYN,      0,  OBSOLETE)        \
  R(POC_PROFILE,              3,   3,  1,  0,  ANY,      0,  OBSOLETE)        \
  R(CC,                       6,   6,  1,  0,  ANY,      0,  OBSOLETE)        \
  R(CC_NEW,                   6,   6,  1,  0,  SYN,      0,  OBSOLETE)        \
  R(CC_ECHO,                  6,   6,  1,  0,  SYN,      0,  OBSOLETE)        \
  R(ALT_CHECKSUM_REQUEST,     3,   3,  1,  0,  SYN,      0,  OBSOLETE)        \
  R(ALT_CHECKSUM_DATA,        2, 255,  1,  0,  ANY,      0,  OBSOLETE)        \
  R(SKEETER,                  2, 255,  1,  0,  ANY,      0,  0)               \
  R(BUBBA,                    2, 255,  1,  0,  ANY,      0,  0)               \
  R(TRAILER_CHECKSUM,         3,   3,  1,  0,  ANY,      0,  0)               \
  R(MD5,                     18,  18,  1,  0,  ANY,      0,  OBSOLETE)        \
  R(SCPS,                     4, 255,  1,  0,  SYN,      0,  0)               \
  R(SNACK,                    6,   6,  1,  0,  ANY,      0,  0)               \
  R(RECORD_BOUNDARY,          2,   2,  1,  0,  ANY,      0,  0)               \
  R(CORRUPTION,               2,   2,  1,  0,  ANY,      0,  0)               \
  R(SNAP,                     2, 255,  1,  0,  ANY,      0,  0)               \
  R(COMPRESSION_FILTER,       2, 255,  1,  0,  ANY,      0,  0)               \
  R(QUICK_START,              8,   8,  1,  0,  ANY,      0,  0)               \
  R(USER_TIMEOUT,             4,   4,  1,  0,  ANY,      0,  0)               \
  R(AO,                       4, 255,  1,  0,  ANY,      0,  0)               \
  R(MPTCP,                    3, 255,  1,  0,  ANY,      1,  0)               \
  /* RFC 7413 section 4.1.1: a cookie has 4 to 16 octets, an even number,     \
     or none, which asks for one. */                                          \
  R(FAST_OPEN,                6,  18,  2,  2,  SYN,      0,  0)               \
  R(ENO,                      2, 255,  1,  0,  ANY,      0,  0)               \
  R(RIVERBED_PROBE,           3, 255,  1,  0,  ANY,      1,  SQUAT)           \
  R(RIVERBED_TRANSPARENCY,   16, 255,  1,  0,  ANY,      0,  SQUAT)           \
  R(ACCECN_0,                 2,  11,  3,  0,  ANY,      0,  0)               \
  R(ACCECN_1,                 2,  11,  3,  0,  ANY,      0,  0)               \
  R(EXPERIMENT_1,             4, 255,  1,  0,  ANY,      1,  0)               \
  R(EXPERIMENT_2,             4, 255,  1,  0,  ANY,      1,  0)
/* clang-format on */

/* The flags column, spelled short above. */
enum {
  FLAGS_0 = 0,
  FLAGS_OBSOLETE = TCPFLOW_OPTION_FLAG_OBSOLETE,
  FLAGS_SQUAT = TCPFLOW_OPTION_FLAG_SQUAT
};

#define RULE(kind, min, max, step, also, place, many, flags)                   \
  [TCPFLOW_OPTION_##kind] = {                                                  \
    min, max, step, also, TCPFLOW__PLACE_##place, many, FLAGS_##flags},

/* IANA: "known unauthorized use without proper IANA assignments", by parties
   that have no name here. */
#define SQUATTER                                                               \
  { 2, 255, 1, 0, TCPFLOW__PLACE_ANY, 1, FLAGS_SQUAT }

const tcpflow__option_rule tcpflow__option_rules[256] = {
  [31] = SQUATTER, [32] = SQUATTER, [33] = SQUATTER, [70] = SQUATTER,
  [77] = SQUATTER, [79] = SQUATTER, ROWS(RULE)};
