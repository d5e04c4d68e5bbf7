/*
 * examples/explainer/words_en_steps.c - English: labels, a connection in short,
 * and its steps.
 */
#include "explainer/words_en.h"

const char *const names_en[NAME_COUNT] = {
  [NAME_ACK] = "Ack number",
  [NAME_ADDRESS] = "Address",
  [NAME_BYTE] = "{1} byte",
  [NAME_BYTES] = "{1} bytes",
  [NAME_BYTES_SENT] = "Data sent, by the numbers",
  [NAME_CAPTURE_POINT] = "Captured",
  [NAME_CLIENT] = "client",
  [NAME_CLIENT_LABEL] = "Client",
  [NAME_CLOCKS] = "Clocks",
  [NAME_CLOSING] = "Close",
  [NAME_DATA] = "data",
  [NAME_DATA_LABEL] = "Data",
  [NAME_FIELD] = "Field",
  [NAME_FIN_NUMBER] = "Number of the FIN",
  [NAME_FIRST] = "Closed first",
  [NAME_FIRST_BYTE] = "Number of the first data byte",
  [NAME_FLAGS] = "Flags",
  [NAME_FRAME] = "frame {1}",
  [NAME_HALF_CLOSE] = "Half-close",
  [NAME_IN_BRACKETS] = "{1} ({2})",
  [NAME_ISN] = "Initial sequence number (ISN)",
  [NAME_LAST_STATE] = "State at the end",
  [NAME_LENGTH] = "Data",
  [NAME_LINE] = "line {1}",
  [NAME_MEANING] = "Meaning",
  [NAME_MINUTES] = "{1} min {2} s",
  [NAME_MSS] = "MSS offered",
  [NAME_NO] = "no",
  [NAME_NO_FLAGS] = "none",
  [NAME_NUMBERS] = "Numbers",
  [NAME_OPENING] = "Handshake",
  [NAME_OPTIONS] = "Options",
  [NAME_PATH] = "Path",
  [NAME_PORT] = "Port",
  [NAME_REMARKS] = "Remarks",
  [NAME_RESULT_LABEL] = "Result",
  [NAME_RTT] = "Round trip",
  [NAME_SACK] = "SACK permitted",
  [NAME_SCALING] = "Window scale",
  [NAME_SEGMENT] = "{1} segment",
  [NAME_SEGMENTS] = "{1} segments",
  [NAME_SEQ] = "Sequence",
  [NAME_SERVER] = "server",
  [NAME_SERVER_LABEL] = "Server",
  [NAME_SIDES] = "Who is who",
  [NAME_STATE_OF] = "{1} state",
  [NAME_STATES] = "States",
  [NAME_SYN_WINDOW] = "Window in the SYN (unscaled)",
  [NAME_TIME] = "Time",
  [NAME_TIMESTAMPS] = "Timestamps",
  [NAME_TOKEN_OF_SIDE] = "{1} {2}",
  [NAME_TSVAL] = "TSval in the SYN",
  [NAME_WINDOW] = "Window",
  [NAME_YES] = "yes",
};

const char *const overview_en[OVERVIEW_COUNT] = {
  [OVERVIEW_TITLE] = "TCP connection {1}: {2} → {3}",
  [OVERVIEW_SIDE] = "{1}, {2}; {3}.",
  [OVERVIEW_PORT_DYNAMIC] = "port {1} is from the dynamic range 49152–65535 "
                            "(RFC 6335)",
  [OVERVIEW_PORT_LINUX] = "port {1} looks ephemeral: Linux takes them from "
                          "32768–60999",
  [OVERVIEW_PORT_CLIENT] = "port {1}",
  [OVERVIEW_PORT_SERVER] = "port {1}",
  [OVERVIEW_PORT_SERVICE] = "port {1} is usually {2}",
  [OVERVIEW_PORT_SERVER_SPEAKS] =
    "port {1} is usually {2}, where the server speaks first once the handshake "
    "is done",
  [OVERVIEW_PORT_CLIENT_SPEAKS] =
    "port {1} is usually {2}, where the client speaks first",
  [OVERVIEW_PATH_LOOPBACK] = "Both ends are on one host.",
  [OVERVIEW_PATH_NAT_SERVER] =
    "A public client cannot normally address a private server. So probably "
    "something in front of the server translates the destination (NAT, a load "
    "balancer, a cloud's public address), and the capture was taken behind it. "
    "The client's own address was kept.",
  [OVERVIEW_PATH_NAT_CLIENT] =
    "A private client reaches a public server only through NAT, or a proxy, on "
    "its side. The capture was taken in front of it: the server sees another "
    "address.",
  [OVERVIEW_PATH_PRIVATE] =
    "Both addresses are private: one site, one cloud network or a VPN.",
  [OVERVIEW_PATH_PUBLIC] = "Both addresses are public: nothing shows a "
                           "translation on the way.",
  [OVERVIEW_SIDES_GUESSED] =
    "Guessed from the ports and from who spoke first, for the SYN is not in "
    "the capture.",
  [OVERVIEW_NO_OPENING] = "not in the capture",
  [OVERVIEW_NO_TIMES] = "The lines have no times, so nothing is said of round "
                        "trips and durations.",
  [OVERVIEW_TIME_POINT] = "{1}{2}.",
  [OVERVIEW_TIMES] = "{1}{2} to {3}: {4}.",
  [OVERVIEW_DATA_OF_SIDE] = "From the {1}: {2} in {3}.",
  [OVERVIEW_DATA_MISSING] = "From the {1}: {2} in {3}, and {4} that "
                            "the capture lacks.",
};

const char *const steps_en[STEP_COUNT] = {
  [STEP_HEADING] = "Step {3}: {2}",
  [STEP_HEADING_OPENING] = "Step {3}: {2}",
  [STEP_HEADING_CLOSING] = "Step {3}: {2}",
  [STEP_DIRECTION] = "{1} ({2})",
  [STEP_LEFT_OUT] = "{1} more segments of the opening or close were left out.",
  [STEP_TIME_SINCE] = "{1}, {2} after the step before.",
  [STEP_SYN_FOR_SERVICE] = "What follows will probably be {1}.",
  [STEP_RELATIVE] = " (relative {1})",

  [STEP_SEQ_OF_SYN] = "It is the {1}'s ISN. The SYN itself takes up this "
                      "number, so the first data byte will be number {2}.",
  [STEP_SEQ_OF_FIN] =
    "The FIN stands behind the last data byte and takes up one number: the {1} "
    "has sent {2} of data in all.",
  [STEP_SEQ_OF_FIN_UNKNOWN] =
    "The FIN stands behind the last data byte and takes up one number.",
  [STEP_SEQ_OF_RST] = "For a RST it must be the number that the receiver "
                      "expects next; where a RST answers a segment without "
                      "ACK, it is 0.",
  [STEP_SEQ_OF_DATA] = "It is the number of the first data byte in the "
                       "segment.",
  [STEP_SEQ_OF_ACK] = "It is the next number to be used; an ACK without data "
                      "takes up none.",
  [STEP_SEQ_NOT_PRINTED] = "Not in the line: tcpdump prints none for a segment "
                           "that takes up no number.",

  [STEP_ACK_NONE] = "None: the ACK flag is not set, so the field means "
                    "nothing.",
  [STEP_ACK_OF_SYN] = "It is the {1}'s ISN {2} + 1: it acknowledges the SYN.",
  [STEP_ACK_OF_SYN_DATA] = "It acknowledges the {1}'s SYN and the {2} of data "
                           "that came with it.",
  [STEP_ACK_OF_SYN_ONLY] = "It is the {1}'s ISN {2} + 1: none of its data has "
                           "arrived so far.",
  [STEP_ACK_OF_FIN] = "It is the number of the {1}'s FIN, {2}, + 1: it "
                      "acknowledges the FIN and all data before it.",
  [STEP_ACK_OF_DATA] = "It acknowledges the {1}'s first {2} of data, and says "
                       "which byte is expected next.",
  [STEP_ACK_NEXT] = "The byte that is expected next from the {1}; everything "
                    "before it has arrived.",

  [STEP_WINDOW_OF_SYN] = "{1}, as it stands: the window in a SYN is never "
                         "scaled (RFC 7323 section 2.2).",
  [STEP_WINDOW_OTHER_READING] =
    "You may read elsewhere that this is really {1} × {2} = {3}. It is an easy "
    "mistake: the shift of {4} in this very segment is an offer, and applies "
    "to the windows of later segments, if the other side offers one too.",
  [STEP_WINDOW_OTHER_READING_TOO] =
    "The other reading, {1} × {2} = {3}, is a mistake here, too.",
  [STEP_WINDOW_SCALED] =
    "{1} × {2} = {3}. Both SYNs offered window scaling, so from now on the "
    "{4}'s windows are shifted by its own {5} bits (RFC 7323 section 2.2).",
  [STEP_WINDOW_SCALED_TOO] = "{1} × {2} = {3}.",
  [STEP_WINDOW_UNCHANGED] =
    "The field holds the same {1} as in the SYN, but it counts units of {2} "
    "bytes now: if the window itself had stayed at {1} bytes, the field would "
    "hold about {3}.",
  [STEP_WINDOW_UNSCALED] = "{1}: not both SYNs offered window scaling, so no "
                           "window of this connection is scaled.",
  [STEP_WINDOW_UNKNOWN] =
    "The field holds {1}. The SYNs were not both captured, so it is not known "
    "by what to multiply it.",
  [STEP_WINDOW_CLOSED] = "0: the sender of this segment can take no data now.",

  [STEP_OPTIONS_LENGTH] = "{1} bytes, in this order:",
  [STEP_OPTIONS_ORDER] = "In this order:",
  [STEP_NO_OPTIONS] = "None.",
  [STEP_NO_OPTIONS_IN_SYN] =
    "None: no MSS, no window scale, no SACK, no timestamps.",
  [STEP_MSS] = "The largest segment its sender wants to receive: {1} + {2} "
               "bytes of {3} and TCP header make packets of {4} bytes.",
  [STEP_WSCALE] = "The {3}'s later windows are to be multiplied by {1}; the "
                  "largest is then {2}.",
  [STEP_WSCALE_OFFERED] = "An offer: it holds if the other SYN has one too.",
  [STEP_WSCALE_AGREED] = "The other SYN has one too, so scaling is agreed, "
                         "each side with its own shift.",
  [STEP_WSCALE_ALONE] = "The other SYN has none, so it has no effect.",
  [STEP_WSCALE_TOO_LARGE] = "A shift above 14 counts as 14 (RFC 7323 section "
                            "2.3).",
  [STEP_SACK_OFFERED] = "Its sender can use selective acknowledgments, which "
                        "tell what arrived behind a loss (RFC 2018).",
  [STEP_SACK_AGREED] = "Both can use selective acknowledgments (RFC 2018).",
  [STEP_SACK_ALONE] = "The other SYN did not offer it; such an answer has no "
                      "effect.",
  [STEP_SACK_BLOCKS] = "Arrived behind a gap, relative: {1} (the last number "
                       "is the one behind the block).",
  [STEP_TSVAL] = "TSval {1} is the {2}'s own timestamp clock.",
  [STEP_TSVAL_TICKS] = "It has moved by {1} since the {2}, {3} before.",
  [STEP_TSECR_NOTHING] = "TSecr has nothing to echo yet.",
  [STEP_TSECR_OF] = "TSecr {1} echoes the {2}'s TSval from its {3}: from that "
                    "the {2} can measure the round trip (RFC 7323 section 4).",
  [STEP_TSECR_EARLIER] = "TSecr {1} echoes a TSval of the {2}.",
  [STEP_NOP] = "Padding, to align what follows.",
  [STEP_EOL] = "The end of the list.",
  [STEP_TFO_REQUEST] = "Asks for a Fast Open cookie (RFC 7413).",
  [STEP_TFO_COOKIE] = "A Fast Open cookie of {1} (RFC 7413).",
  [STEP_MPTCP] = "Multipath TCP (RFC 8684).",
  [STEP_MD5] = "A signature of the segment, used for BGP (RFC 2385).",
  [STEP_OTHER_OPTION] = "Option of kind {1}, {2}.",
  [STEP_BROKEN_OPTION] = "Malformed, or not captured whole: it has no effect.",

  [STEP_NO_DATA] = "None (length 0).",
  [STEP_HAS_DATA] = "{1}.",
  [STEP_SYN_DATA] = "{1} in the SYN itself (TCP Fast Open, RFC 7413).",
  [STEP_TTL] = "{1}: it probably started at {2}; routers crossed so far: {3}.",
  [STEP_TTL_FRESH] = "{1}: it has probably crossed no router yet.",
  [STEP_TTL_OTHER] = "{1}, while the {3}'s first segment had {2}: it came "
                     "another way, or another device sent it (a firewall, for "
                     "example).",
  [STEP_ECN_OFFERED] = "ECE and CWR in a SYN offer explicit congestion "
                       "notification (RFC 3168 section 6.1.1).",
  [STEP_ECN_ACCURATE] = "AE, CWR and ECE in a SYN offer accurate ECN "
                        "feedback (RFC 9768).",
  [STEP_ECN_AGREED] = "ECE in the SYN+ACK accepts explicit congestion "
                      "notification (RFC 3168 section 6.1.1).",

  [STEP_STATE_MOVE] = "{1} → {2} ({3})",
  [STEP_STATE_INFERRED] = "{1} → {2} ({3}); inferred: what brought it is not "
                          "in the capture, and this segment proves it",
  [STEP_STATE_LISTEN] = "LISTEN, assumed: a passive OPEN sends nothing. The "
                        "SYN is on its way.",
  [STEP_STATE_LISTEN_FOR_NOW] =
    "LISTEN, assumed for now; its own SYN will show "
    "that it opened actively, too.",
  [STEP_STATE_FIN_COMES] = "{1} still: the FIN is on its way. It is {2} once "
                           "the FIN has arrived; the ACK of it will show that.",
  [STEP_STATE_SAME] = "stays {1}",
  [STEP_STATE_UNSEEN] = "not known yet",
};
