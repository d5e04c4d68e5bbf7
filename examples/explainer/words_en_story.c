/*
 * examples/explainer/words_en_story.c - English: what was agreed upon, what lay
 * between, how it ended, what to tune.
 */
#include "explainer/words_en.h"

const char *const results_en[RESULT_COUNT] = {
  [RESULT_TITLE] = "What the handshake achieved",
  [RESULT_RTT] = "{1}: {2} from the SYN to the SYN+ACK (the way from the "
                 "capture point to the server and back) + {3} from there to "
                 "the ACK (to the client and back).",
  [RESULT_RTT_UNKNOWN] = "Not known: a segment of the handshake was sent "
                         "twice, is missing, or has no time.",
  [RESULT_NUMBERS] =
    "Client ISN {1}, server ISN {2}. Data starts at {3} from the client and at "
    "{4} from the server; tcpdump shows both as 1 unless it is given -S.",
  [RESULT_MSS] = "Segments carry at most {1} of data towards the client and "
                 "{2} towards the server.",
  [RESULT_MSS_WITH_TIMESTAMPS] =
    "Segments carry at most {1} of data towards the client and {2} towards the "
    "server: what the receiver offered, less 12 bytes for the timestamps "
    "(RFC 6691).",
  [RESULT_SCALING] = "Agreed. Windows of the client count ×{1}, those of the "
                     "server ×{2}.",
  [RESULT_NO_SCALING] = "Not agreed, for not both SYNs have it: no window of "
                        "this connection exceeds 65,535 bytes.",
  [RESULT_SACK] = "Agreed: after a loss only what is missing is sent again.",
  [RESULT_NO_SACK] = "Not agreed.",
  [RESULT_TIMESTAMPS] =
    "Agreed: round trips can be measured at any ACK, and segments from the "
    "past are told (PAWS). Every segment but a RST must carry them from now "
    "on (RFC 7323 section 3.2).",
  [RESULT_NO_TIMESTAMPS] = "Not agreed.",
  [RESULT_CLOCKS] =
    "The two timestamp clocks differ by only {1}. Clocks of two hosts hardly "
    "ever do: one clock may serve both (one host, containers), or the lines "
    "were edited.",
};

const char *const middle_en[MIDDLE_COUNT] = {
  [MIDDLE_TITLE] = "The data in between",
  [MIDDLE_DIRECTION] = "Direction",
  [MIDDLE_SEGMENTS] = "Segments in all",
  [MIDDLE_BYTES] = "Bytes of data",
  [MIDDLE_RETRANSMISSIONS] = "Sent again",
  [MIDDLE_MISSING] = "Bytes missing",
  [MIDDLE_SILENCE] =
    "The capture stops after the handshake at {1} and goes on with the close "
    "at {2}, {3} later. What was exchanged in between is not in it. The "
    "numbers still tell how much it was, and the states follow.",
  [MIDDLE_SILENCE_NO_TIME] =
    "The capture stops after the handshake and goes on with the close. What "
    "was exchanged in between is not in it. The numbers still tell how much it "
    "was, and the states follow.",
  [MIDDLE_GAP_ACKED] = "Missing in the capture only: {2} from the {1}; the {3} "
                       "has acknowledged that data.",
  [MIDDLE_GAP_CUT] =
    "Cut off by the capture (snaplen): {2} of the data from the "
    "{1}.",
  [MIDDLE_GAP_LIMIT] = "Given up, because too much data behind it had to be "
                       "held: {2} from the {1}.",
  [MIDDLE_GAP_TIMEOUT] = "Did not come in time: {2} from the {1}.",
  [MIDDLE_GAP_CLOSED] = "Still missing when the connection ended: {2} from the "
                        "{1}.",
  [MIDDLE_GAP_FLUSHED] = "Still missing when the capture ended: {2} from the "
                         "{1}.",
  [MIDDLE_ARITHMETIC] = "From the {1}: FIN {2} − first data byte {3} = {4} "
                        "bytes sent in all.",
  [MIDDLE_COUNTS] = "Worth a look: {1}.",
  [MIDDLE_TIMESTAMP_MISSING] =
    "No timestamp in {1}, although timestamps were agreed. RFC 7323 section 3.2 "
    "demands them in all but a RST and lets the receiver drop others, so real "
    "segments hardly look like that; lines that were shortened or written by "
    "hand do.",
  [MIDDLE_EVENT] = "{1}, {2}, {3}, sequence {4}, {5}: {6}",
  [MIDDLE_EVENT_NO_DATA] = "{1}, {2}, {3}: {6}",
  [MIDDLE_MORE_EVENTS] = "and {1} more",
  [MIDDLE_ONE_SIDED] =
    "The capture holds only what the {1} sent; what the {2} did is inferred "
    "from it. A FIN of the {2} would look like one byte of its data.",
};

const char *const ending_en[ENDING_COUNT] = {
  [ENDING_TITLE] = "How it ended",
  [ENDING_FIN] = "Closed in order: both FINs were sent and acknowledged.",
  [ENDING_RESET] =
    "Aborted: the {1} sent a RST. The connection is gone at once at both ends, "
    "without TIME-WAIT, and data that was not yet read may be lost.",
  [ENDING_FIN_RESET] =
    "Reset while closing: the {1} sent a RST. That happens when data reaches a "
    "socket that was closed already, or when one is closed with unread data.",
  [ENDING_REFUSED] =
    "Refused: the {1} answered the SYN with a RST. Nothing listens at this "
    "port, or a firewall rejects connections to it. The client's connect() "
    "fails with \"connection refused\".",
  [ENDING_UNANSWERED] =
    "No answer: the host is down or unreachable, a firewall drops packets "
    "silently, or the answers took a way that the capture does not see. An "
    "ICMP message may tell more; only TCP is read here.",
  [ENDING_HALF_OPEN] =
    "Half-open: the SYN+ACK was never acknowledged in this capture. A SYN scan "
    "or a SYN flood looks like that. That the client is ESTABLISHED assumes "
    "that the SYN+ACK reached it.",
  [ENDING_ABORTED_OPENING] =
    "The {1} sent a RST before the connection was open: it gave up, or was "
    "only probing (a SYN scan looks like that).",
  [ENDING_TIMEOUT] = "Nothing came for too long: the program stopped "
                     "following it.",
  [ENDING_REUSED] = "Its addresses and ports began a new connection.",
  [ENDING_EVICTED] = "The program had to stop following it for want of room.",
  [ENDING_LAST_ACK_MISSING] =
    "The capture ends before both FINs were acknowledged.",
  [ENDING_HALF_CLOSED] = "The capture ends while one direction is closed and "
                         "the other one is still open.",
  [ENDING_OPEN] = "Still open when the capture ends.",
  [ENDING_FIRST] = "The {1} sent the first FIN.",
  [ENDING_FIRST_CROSSING] =
    "Both at once: in the capture the {1}'s FIN comes first, but it had not "
    "reached the {2} when that sent its own.",
  [ENDING_HALF_CLOSE] =
    "In the capture the {1}'s FIN comes {2} after the {4}'s: about the time that "
    "the {1}'s program took to close, too, and the way to it and back.",
  [ENDING_HALF_CLOSE_DATA] =
    "The {1}'s FIN came {2} after the {4}'s. Until then the connection was "
    "half-closed, and the {1} sent another {3}.",
  [ENDING_TIME_WAIT] =
    "The {1} has to wait, for it closed first: 2 MSL, that is 4 minutes with "
    "the 2 minutes of RFC 9293; Linux waits 60 seconds in all. Its last ACK "
    "may be lost: then the FIN comes again and needs an answer. And stray "
    "segments must die out before the same addresses and ports are used again.",
  [ENDING_TIME_WAIT_BOTH] =
    "Both wait, for both closed first: 2 MSL, that is 4 minutes with the 2 "
    "minutes of RFC 9293; Linux waits 60 seconds in all.",
  [ENDING_TIME_WAIT_CLIENT] =
    "Until then the client normally cannot use port {1} for another connection "
    "to {2}.",
  [ENDING_TIME_WAIT_SERVER] =
    "On a server this costs some memory for each connection. If the clients "
    "close first, they wait instead.",
  [ENDING_STATES] = "client {1}, server {2}",
};

const char *const tuning_en[TUNING_COUNT] = {
  [TUNING_TITLE] = "What the SYNs tell about tuning",
  [TUNING_FINE] = "Fine: {1}",
  [TUNING_LOOK] = "Worth a look: {1}",
  [TUNING_OPTIONAL] = "Optional: {1}",
  [TUNING_SYN_REPEATED] =
    "the SYN was sent {1} times, the last one {2} after the first. Either "
    "packets were lost or the server's queue of new connections was full (on "
    "Linux: net.core.somaxconn, the backlog of listen(), ListenOverflows in "
    "nstat). The first repeat comes after about 1 second, the others at "
    "growing intervals (RFC 6298).",
  [TUNING_SYN_ACK_REPEATED] =
    "the SYN+ACK was sent {1} times: it or its ACK was lost, or the client "
    "did not want the connection.",
  [TUNING_MSS_NONE] =
    "the {1} offers no MSS, so {2} bytes are assumed (RFC 9293 section 3.7.1): "
    "small packets, much overhead.",
  [TUNING_MSS_SMALL] =
    "the {1} offers an MSS of {2} (packets of {3} bytes, {4} less than "
    "Ethernet's). That fits if a tunnel needs the room. Let ICMP \"too big\" "
    "messages through, or use path MTU probing, so that large packets do not "
    "vanish (RFC 1191, RFC 8201, RFC 4821).",
  [TUNING_MSS_FINE] = "the {1} offers an MSS of {2} (packets of {3} bytes).",
  [TUNING_SCALING_NONE] =
    "no window scaling (RFC 7323): at most 65,535 bytes may be in flight.",
  [TUNING_SCALING_ZERO] = "the {1} offers a shift of 0: its window never "
                          "exceeds 65,535 bytes (RFC 7323).",
  [TUNING_SCALING_FINE] = "the {1} scales by {2} bits: its window can grow to "
                          "{3} (RFC 7323).",
  [TUNING_LIMIT] =
    "At the handshake's round trip of {2} that allows at most {1} "
    "from the {3}.",
  [TUNING_EITHER_SIDE] = "sender",
  [TUNING_LIMIT_UNKNOWN] = "The throughput is limited to that much per round "
                           "trip.",
  [TUNING_SACK_FINE] = "both SYNs permit SACK (RFC 2018).",
  [TUNING_SACK_NONE] =
    "SACK was not agreed (RFC 2018): after several losses in one window TCP "
    "recovers slowly. Some middleboxes remove the option.",
  [TUNING_TIMESTAMPS_FINE] =
    "both SYNs have timestamps (RFC 7323): better round trip times and PAWS "
    "for 12 bytes in each segment.",
  [TUNING_TIMESTAMPS_NONE] =
    "timestamps (RFC 7323) were not agreed: saves 12 bytes in each segment, "
    "but there is no PAWS, which matters where 4 GiB pass within minutes.",
  [TUNING_INITIAL_FINE] =
    "the {1}'s first window, {2}, holds a whole initial window of 10 segments "
    "({3}, RFC 6928): it does not slow the {4}'s first flight.",
  [TUNING_INITIAL_SMALL] =
    "the {1}'s first window, {2}, is less than an initial window of 10 "
    "segments ({3}, RFC 6928): the {4}'s first flight has to stop earlier.",
  [TUNING_ECN_NONE] = "the client does not offer ECN (RFC 3168): routers can "
                      "tell of congestion only by dropping.",
  [TUNING_ECN_REFUSED] = "the client offers ECN (RFC 3168), the server does "
                         "not take it.",
  [TUNING_ECN_FINE] = "ECN was offered and taken (RFC 3168, RFC 9768).",
  [TUNING_FAST_OPEN] =
    "TCP Fast Open (RFC 7413) saves a round trip at each new connection; worth "
    "it for many short ones, if they cannot be kept open and used again.",
  [TUNING_FAST_OPEN_RTT] =
    "each new connection costs a round trip ({1} here) before data flows. "
    "Keeping connections open and using them again avoids it; for many short "
    "ones TCP Fast Open (RFC 7413) does, too.",
  [TUNING_FAST_OPEN_ASKED] = "the client asks for a TCP Fast Open cookie (RFC "
                             "7413), to send data in the next SYN.",
  [TUNING_FAST_OPEN_USED] = "the SYN brings data: TCP Fast Open (RFC 7413).",
};
