/*
 * examples/explainer/words_en.c - English: names of things, and what sections
 * begin with.
 */
#include "explainer/words_en.h"

#include "explainer/findings.h"
#include "explainer/network.h"

static const char *const ordinals[ORDINALS_MAX] = {
  "first", "second",  "third",  "fourth", "fifth",
  "sixth", "seventh", "eighth", "ninth",  "tenth"};

static const char *const verdicts[TCPFLOW_VERDICT_COUNT] = {
  /* 0 */ "new data",
  "pure ACK",
  "gap before it",
  "retransmission",
  "spurious retransmission (it had been acknowledged)",
  "fast retransmission",
  "retransmission after a timeout",
  "tail loss probe",
  /* 8 */ "out of order",
  "reordered",
  "retransmission of data not captured",
  "old and new data in one segment",
  "frame captured twice",
  "low confidence",
  "new ACK",
  "duplicate ACK",
  /* 16 */ "old ACK",
  "acknowledges what was not captured",
  "partial ACK",
  "ambiguous ACK",
  "D-SACK (something arrived twice)",
  "SACK outside what was sent",
  "challenge ACK",
  "window update",
  /* 24 */ "zero window",
  "fills the window",
  "window shrunk",
  "keep-alive",
  "answer to a keep-alive",
  "zero-window probe",
  "answer to a zero-window probe",
  "before the window",
  /* 32 */ "beyond the window",
  "timestamp from the past (PAWS)",
  "timestamp missing although agreed",
  "SYN sent again",
  "SYN with another number",
  "SYN+ACK of another SYN",
  "SYN in an open connection",
  "ports used again",
  /* 40 */ "data in the SYN",
  "Fast Open accepted",
  "Fast Open data not accepted",
  "RST",
  "RST inside the window but not at its start: ignored, challenged",
  "RST outside the window: ignored",
  "RST that answers another SYN: ignored",
  "an earlier RST had no effect",
  /* 48 */ "FIN at another place",
  "data beyond the FIN",
  "after a RST",
  "after the end",
  "flags without sense",
  "malformed options",
  "wrong checksum",
  "data not captured whole",
  /* 56 */ "urgent data",
  "larger than the receiver's MSS (offload)",
  "congestion mark (CE)",
  "picked up mid-stream",
  "proves something that was not captured",
  "it settles which of several SYNs counts",
  "it shows that client and server had been taken for each other",
};

static const char *const addresses[ADDRESS_COUNT] = {
  [ADDRESS_PUBLIC] = "a public address",
  [ADDRESS_NAME] = "known by its name only",
  [ADDRESS_PRIVATE] = "a private address ({1})",
  [ADDRESS_SHARED] = "a shared address behind a carrier's NAT ({1})",
  [ADDRESS_LOOPBACK] = "the loopback: the host itself",
  [ADDRESS_LINK_LOCAL] = "a link-local address, for the same link only ({1})",
  [ADDRESS_DOCUMENTATION] = "an address for documentation and labs ({1})",
  [ADDRESS_BENCHMARK] = "an address for benchmarks ({1})",
  [ADDRESS_MULTICAST] = "a multicast address, which TCP cannot use",
  [ADDRESS_SPECIAL] = "a special address, which no host should use",
};

/* {1} is the MTU, {2} by how much it is below 1500. */
static const char *const paths[PATH_COUNT] = {
  [PATH_ETHERNET] = "That is plain Ethernet.",
  [PATH_BELOW] =
    "That is {2} bytes less than Ethernet's 1,500, the mark of a tunnel, a VPN "
    "or a cloud's overlay network on the way, or of a device that lowers the "
    "MSS in passing SYNs (MSS clamping).",
  [PATH_PPPOE] = "That is {2} bytes less than Ethernet's 1,500: what PPPoE "
                 "(a DSL line) takes (RFC 2516).",
  [PATH_TUNNEL] = "That is {2} bytes less than Ethernet's 1,500: what an IP-in-"
                  "IP (20) or GRE (24) tunnel over IPv4 takes.",
  [PATH_OVERLAY] = "That is {2} bytes less than Ethernet's 1,500: what VXLAN "
                   "over IPv4 takes (RFC 7348), usual in clouds and container "
                   "networks.",
  [PATH_GCP] = "That is {2} bytes less than Ethernet's 1,500, and the default "
               "of Google Cloud's networks.",
  [PATH_WIREGUARD] = "That is {2} bytes less than Ethernet's 1,500, and "
                     "WireGuard's default.",
  [PATH_MINIMUM6] = "1,280 is the smallest MTU that IPv6 allows; tunnels and "
                    "careful VPNs use it.",
  [PATH_DEFAULT4] = "576 is the size that every IPv4 host has to take: the "
                    "default where nothing better is known.",
  [PATH_SMALL] = "That is unusually small.",
  [PATH_LOOPBACK] = "That is a loopback interface: both ends are on one host.",
  [PATH_JUMBO] = "Those are jumbo frames, usual inside data centres.",
  [PATH_LARGE] = "That is more than Ethernet's 1,500: jumbo frames or a "
                 "virtual network.",
};

/* {1} sent the segment, {2} is the other side. */
static const char *const roles[ROLE_COUNT] = {
  [ROLE_OTHER] = "A further segment from the {1} on the way.",
  [ROLE_PICK_UP] = "The capture begins here, in a connection that was open "
                   "already.",
  [ROLE_PROVES] =
    "A segment from the {1} that proves what the capture does not "
    "hold; the states below tell what.",
  [ROLE_SYN] = "The {1} asks to open a connection: it announces its initial "
               "sequence number (ISN) and offers its options.",
  [ROLE_SYN_AGAIN] = "The {1} sends its SYN again, for no answer has reached "
                     "it: the SYN or its answer was lost, or the {2} did not "
                     "react.",
  [ROLE_SYN_COPY] =
    "The same once more, so soon that it was probably "
    "duplicated on the way or by the capture, or answers such a "
    "duplicate: TCP waits about a second before it sends a SYN "
    "again.",
  [ROLE_SYN_CROSSING] = "The {1} sends a SYN of its own before the {2}'s has "
                        "reached it: a simultaneous open (RFC 9293, Figure 7).",
  [ROLE_SYN_ODD] = "A SYN that does not fit this connection: it has another "
                   "number than the first one, or acknowledges another SYN.",
  [ROLE_SYN_ACK] = "The {1} accepts: it acknowledges the {2}'s SYN and "
                   "announces its own initial sequence number.",
  [ROLE_SYN_ACK_AGAIN] = "The {1} sends its SYN+ACK again, for the ACK of it "
                         "has not come.",
  [ROLE_SYN_ACK_CROSSING] = "The {1} has got the {2}'s SYN: it acknowledges it "
                            "and repeats its own SYN along with that.",
  [ROLE_ACK_OF_SYN] = "The {1} acknowledges the {2}'s SYN. With that the "
                      "handshake is complete.",
  [ROLE_DATA_OF_SYN] = "Data from the {1}. Its ACK field acknowledges the "
                       "{2}'s SYN, as a bare ACK would have done.",
  [ROLE_FIN] = "The {1} closes first (active close): it has no more data to "
               "send. It can still receive.",
  [ROLE_FIN_SECOND] = "The {1} has no more data to send either and closes its "
                      "direction, too.",
  [ROLE_FIN_ACK] = "The {1} acknowledges the {2}'s FIN and closes its own "
                   "direction in the same segment.",
  [ROLE_FIN_CROSSING] = "The {1} closes before the {2}'s FIN has reached it: "
                        "the FINs cross.",
  [ROLE_FIN_AGAIN] = "The {1} sends its FIN again, for no acknowledgment has "
                     "reached it.",
  [ROLE_ACK_OF_FIN] = "The {1} acknowledges the {2}'s FIN: the direction "
                      "{2} → {1} is closed.",
  [ROLE_LAST_ACK] = "The {1} acknowledges the {2}'s FIN. Now both directions "
                    "are closed.",
  [ROLE_ACK_AGAIN] = "The {1} acknowledges the {2}'s FIN once more.",
  [ROLE_RST_REFUSES] = "The {1} refuses: nothing listens at this port, or a "
                       "firewall rejects it in the {1}'s name.",
  [ROLE_RST_ABORTS] = "The {1} aborts the connection.",
  [ROLE_RST_CLOSES] = "The {1} resets the connection in the middle of its "
                      "close.",
  [ROLE_RST_IGNORED] = "A RST that the {2} ignores, because its number is not "
                       "the one that the {2} expects next (RFC 9293 section "
                       "3.10.7.4, RFC 5961).",
};

static const char *const capture_points[CAPTURE_COUNT] = {
  [CAPTURE_UNKNOWN] = "",
  [CAPTURE_NEAR_SERVER] =
    "At the server (or what answers for it) or close to it: its half of the "
    "round trip is at most a tenth of the whole.",
  [CAPTURE_NEAR_CLIENT] =
    "At the client (or what speaks for it) or close to it: its half of the "
    "round trip is at most a tenth of the whole.",
  [CAPTURE_BETWEEN] = "Somewhere between the two: neither half of the round "
                      "trip is negligible.",
  [CAPTURE_SHORT] = "All is close together (one host, one rack or one "
                    "network): the times do not tell where.",
};

static const struct titled openings[OPENING_COUNT] = {
  [OPENING_THREE_WAY] =
    {"Three-way handshake",
     "Three segments open the connection: each side announces its initial "
     "sequence number and has it acknowledged (RFC 9293 section 3.5)."},
  [OPENING_WITH_REPEATS] =
    {"Handshake, with repeats",
     "The connection was opened, but not by just the three usual segments: "
     "something was sent again, or came in another form."},
  [OPENING_SIMULTANEOUS] =
    {"Simultaneous open",
     "Both sides sent a SYN before they knew of the other's. TCP allows that, "
     "and makes one connection of it (RFC 9293 section 3.5, Figure 7)."},
  [OPENING_FAST] =
    {"Handshake with data in the SYN (TCP Fast Open)",
     "The SYN brought data and the server accepted it: the first request "
     "costs no round trip of its own (RFC 7413)."},
  [OPENING_INCOMPLETE] =
    {"Handshake, not captured whole",
     "The capture holds the SYN but not the answer to it. What follows proves "
     "that there was one."},
  [OPENING_NO_SYN] =
    {"Handshake, its SYN not captured",
     "The capture begins with the SYN+ACK. What the SYN said is known only as "
     "far as the answer tells."},
  [OPENING_MID_STREAM] =
    {"No handshake in the capture",
     "The capture begins in an open connection. Initial sequence numbers, "
     "window scale and options are therefore unknown, and nothing is assumed "
     "in their place."},
  [OPENING_REFUSED] = {"Connection refused",
                       "A SYN, and a RST in answer: the connection never "
                       "existed (RFC 9293 section 3.5.2)."},
  [OPENING_UNANSWERED] =
    {"A SYN without an answer",
     "The capture holds no TCP segment in answer to the SYN."},
  [OPENING_HALF] =
    {"Half-open: the handshake was not completed",
     "The server answered the SYN, but the third segment is missing."},
  [OPENING_ABORTED] = {"Handshake aborted",
                       "A RST ended the connection before it was open."},
};

static const struct titled closings[CLOSING_COUNT] = {
  [CLOSING_NONE] = {"Close", "The capture holds no close."},
  [CLOSING_FOUR] =
    {"Close in four segments",
     "Each direction is closed by itself: FIN and ACK one way, then FIN and "
     "ACK the other way (RFC 9293 section 3.6, Figure 12)."},
  [CLOSING_THREE] =
    {"Close in three segments",
     "The second side put its ACK and its FIN into one segment, so three "
     "segments do instead of four: FIN, FIN+ACK, ACK."},
  [CLOSING_SIMULTANEOUS] =
    {"Simultaneous close",
     "Both sides sent their FIN before the other's had reached them; both go "
     "through CLOSING to TIME-WAIT (RFC 9293 section 3.6, Figure 13)."},
  [CLOSING_OTHER] = {"Close", "Both FINs were sent and acknowledged."},
  [CLOSING_HALF] =
    {"Half-closed",
     "One side sent its FIN. The capture holds none of the other side's."},
  [CLOSING_UNFINISHED] = {"Close, not finished in the capture",
                          "Both FINs are there, but not both of their ACKs."},
  [CLOSING_RESET] = {"Aborted by a RST",
                     "No FIN: a RST ended the open connection at once."},
  [CLOSING_FIN_RESET] = {"Close ended by a RST",
                         "The close began with a FIN and was cut short by a "
                         "RST."},
};

const struct language language_en = {
  .code = "en",
  .between_sentences = " ",
  .between_items = ", ",
  .full_stop = ".",
  .markdown_field = "- **{1}**: {2}",
  .ordinals = ordinals,
  .verdicts = verdicts,
  .addresses = addresses,
  .paths = paths,
  .roles = roles,
  .capture_points = capture_points,
  .openings = openings,
  .closings = closings,
  .names = names_en,
  .overview = overview_en,
  .steps = steps_en,
  .results = results_en,
  .middle = middle_en,
  .ending = ending_en,
  .tuning = tuning_en,
  .review = review_en,
  .totals = totals_en,
  .questions = questions_en,
  .answers = answers_en,
};
