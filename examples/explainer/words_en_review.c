/*
 * examples/explainer/words_en_review.c - English: the checklist, and questions
 * with their answers.
 */
#include "explainer/words_en.h"

const char *const review_en[REVIEW_COUNT] = {
  [REVIEW_TITLE] = "Review checklist: TCP connection {1}, {2} → {3}",
  [REVIEW_HOW_TO_USE] = "Cover what follows a colon, say it, look, and tick.",
  [REVIEW_CORE] = "Core fields",
  [REVIEW_STEP] = "**{1}. {2}**, {3}: {4}",
  [REVIEW_SEQ] = "sequence number: {1}",
  [REVIEW_ACK] = "acknowledgment number: {1}",
  [REVIEW_NO_ACK] = "acknowledgment number: none, the ACK flag is not set",
  [REVIEW_OPTIONS] = "options: {1}",
  [REVIEW_WINDOW] = "window: {1}",
  [REVIEW_STATES] = "states after it: client {1}, server {2}",
  [REVIEW_QUESTIONS] = "Questions",
  [REVIEW_ANSWERS] = "Answers",
};

const char *const questions_en[QUESTION_COUNT] = {
  [QUESTION_WHY_PLUS_ONE] = "Why does the SYN+ACK acknowledge just {1}?",
  [QUESTION_WHY_THREE] = "Why are two segments not enough to open a "
                         "connection?",
  [QUESTION_SYN_WINDOW] = "The SYN says window {1} and wscale {2}. How many "
                          "bytes is the window?",
  [QUESTION_ESTABLISHED] = "After which segment is each side ESTABLISHED?",
  [QUESTION_LOST_ACK] = "What happens if the third segment is lost?",
  [QUESTION_CAPTURE_POINT] = "Where was the capture taken, and how can you "
                             "tell?",
  [QUESTION_BYTES] = "How many bytes of data did the {1} send in all? Work it "
                     "out from the numbers.",
  [QUESTION_WHY_FOUR] = "Why does the close take four segments, if three do "
                        "for the opening?",
  [QUESTION_THREE_CLOSE] = "Why does this close take three segments only?",
  [QUESTION_CROSSING] = "Which states does a simultaneous close go through?",
  [QUESTION_RESET] = "How does a RST differ from a FIN?",
  [QUESTION_TIME_WAIT] = "Who is in TIME-WAIT at the end, why, and for how "
                         "long?",
  [QUESTION_REFUSED] = "What does a RST in answer to a SYN tell?",
  [QUESTION_UNANSWERED] = "What may be the reason that no answer comes to a "
                          "SYN, and how does the client go on?",
};

const char *const answers_en[QUESTION_COUNT] = {
  [QUESTION_WHY_PLUS_ONE] =
    "The client's ISN is {1}. A SYN takes up one sequence number, so the next "
    "one that the server expects is {2}.",
  [QUESTION_WHY_THREE] =
    "Each side must have its own ISN acknowledged. With two segments the "
    "server would not know whether the client got its SYN+ACK, and an old SYN "
    "that turns up late would open a connection that nobody wants (RFC 9293 "
    "section 3.5).",
  [QUESTION_SYN_WINDOW] =
    "{1} bytes. The window in a SYN or SYN+ACK is never scaled; the shift of "
    "{2} applies to later segments (RFC 7323 section 2.2).",
  [QUESTION_ESTABLISHED] =
    "The client when the SYN+ACK reaches it, the server when the ACK of its "
    "own SYN does. So the client may send data together with the third "
    "segment.",
  [QUESTION_LOST_ACK] =
    "The server stays SYN-RECEIVED and sends its SYN+ACK again. The client's "
    "first data segment acknowledges the SYN, too, and so makes up for the "
    "loss.",
  [QUESTION_CAPTURE_POINT] =
    "Compare the two halves of the handshake: {1} to the server and back, {2} "
    "to the client and back.",
  [QUESTION_BYTES] = "FIN {1} − ISN {2} − 1 (the SYN) = {3}.",
  [QUESTION_WHY_FOUR] =
    "Each direction is closed by itself. The receiver of a FIN acknowledges it "
    "at once, but sends its own only when its program has nothing more to send "
    "and closes, too. In the handshake the answer needs no program, so SYN and "
    "ACK share a segment.",
  [QUESTION_THREE_CLOSE] =
    "The second side had nothing more to send, so its ACK and its FIN went "
    "into one segment.",
  [QUESTION_CROSSING] =
    "FIN-WAIT-1, CLOSING when the other's FIN comes, TIME-WAIT when the own "
    "FIN is acknowledged; on both sides.",
  [QUESTION_RESET] =
    "A FIN says that one direction has no more data, waits for what is on its "
    "way, and is acknowledged. A RST ends both directions at once, is not "
    "acknowledged, and leaves no TIME-WAIT; data may be lost.",
  [QUESTION_TIME_WAIT] =
    "The {1}, for it closed first and sent the last ACK: 2 MSL (4 minutes by "
    "RFC 9293, 60 seconds on Linux). If that ACK is lost the {2} sends its FIN "
    "again, and somebody must answer; and old segments must not get into a new "
    "connection of the same addresses and ports.",
  [QUESTION_REFUSED] =
    "The host is reachable, but nothing listens at the port (or a firewall "
    "answers so on purpose). connect() fails at once.",
  [QUESTION_UNANSWERED] =
    "The host is down, or a firewall drops the SYN or its answer. The client "
    "sends the SYN again, after about 1 second and then at growing intervals; "
    "connect() fails with a timeout in the end (on Linux after 6 repeats by "
    "default, about two minutes).",
};

const char *const totals_en[TOTAL_COUNT] = {
  [TOTAL_TITLE] = "All connections of the capture",
  [TOTAL_COUNTED] =
    "{1} connections, {2} of them explained above; the others are "
    "only counted.",
  [TOTAL_OUTCOME] = "What became of it",
  [TOTAL_CONNECTIONS] = "Connections",
  [TOTAL_FIN] = "closed in order (FIN both ways)",
  [TOTAL_RESET] = "ended by a RST",
  [TOTAL_REFUSED] = "refused (a RST in answer to the SYN)",
  [TOTAL_UNANSWERED] = "never opened",
  [TOTAL_OPEN] = "open or half-closed when the capture ends",
  [TOTAL_OTHER] = "not followed to the end",
  [TOTAL_STRAGGLERS] = "{1} segments came after their connection had ended.",
  [TOTAL_WITHOUT_FLOW] = "{1} segments belong to no connection (a lone RST, "
                         "for example).",
  [TOTAL_NOT_TCP] = "{1} frames hold no TCP.",
  [TOTAL_DAMAGED] = "{1} frames are damaged or cut before their TCP header.",
  [TOTAL_FRAGMENTS] = "{1} frames are IP fragments and were not followed.",
};
