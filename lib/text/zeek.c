/*
 * lib/text/zeek.c - a line of Zeek's conn.log.
 *
 * Room: text.  Includes: base, conn and below.
 */
#include "text/zeek.h"

#include <string.h>

#include "base/sized.h"

_Static_assert(sizeof(tcpflow__zeek) <= sizeof(((tcpflow_zeek *)0)->internal),
               "the caller's memory has room for it");
TCPFLOW__NO_TAIL_PADDING(tcpflow_zeek_summary, history);

const char *tcpflow_zeek_state_name(tcpflow_zeek_state state) {
  static const char *const names[] = {"OTH",   "S0", "S1",   "SF",   "REJ",
                                      "S2",    "S3", "RSTO", "RSTR", "RSTOS0",
                                      "RSTRH", "SH", "SHR"};

  return (unsigned)state < sizeof(names) / sizeof(names[0])
           ? names[(unsigned)state]
           : "?";
}

/* The caller's struct has room for ours, and is aligned for it. */
static bool has_room(const tcpflow_zeek *zeek) {
  return zeek->size >= offsetof(tcpflow_zeek, internal) + sizeof(tcpflow__zeek);
}

static tcpflow__zeek *inside(tcpflow_zeek *zeek) {
  return (tcpflow__zeek *)(void *)zeek->internal;
}

/* The ports that the scripts of Zeek's protocols register. */
static bool is_server_port(uint16_t port) {
  static const uint16_t ports[] = {
    21,   22,   25,   53,   80,   81,   88,   102,  110,  111,   113,
    139,  143,  389,  443,  445,  502,  513,  514,  563,  585,   587,
    614,  631,  636,  989,  990,  992,  993,  995,  1080, 1434,  1812,
    1883, 2049, 2811, 3128, 3268, 3306, 3389, 5060, 5223, 5432,  5900,
    6379, 6666, 6667, 6668, 6669, 8000, 8080, 8888, 9999, 20000, 27017};

  for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
    if (ports[i] == port) {
      return true;
    }
  }
  return false;
}

/* Does Zeek take the sender of the first segment for the responder? */
static bool is_flipped(const tcpflow_new_event *event) {
  const tcpflow_tuple *const tuple = event->tuple;
  const unsigned flags = event->cause->flags;
  const unsigned from = event->side == TCPFLOW_SIDE_CLIENT ? 0 : 1;

  if (tuple == NULL ||
      (flags & (TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK)) == TCPFLOW_FLAG_SYN ||
      !is_server_port(tuple->port[from])) {
    return false;
  }
  return !is_server_port(tuple->port[1 - from]) ||
         ((flags & TCPFLOW_FLAG_SYN) == 0 &&
          tuple->port[from] < tuple->port[1 - from]);
}

void tcpflow_zeek_begin(tcpflow_zeek *zeek, size_t size,
                        const tcpflow_new_event *event, uint32_t flags) {
  tcpflow_sized_init(zeek, size);
  if (!has_room(zeek)) {
    return;
  }

  tcpflow__zeek *const ours = inside(zeek);
  ours->first = event->time;
  ours->last = event->time;
  ours->originator = (uint8_t)event->side;
  if ((flags & TCPFLOW_ZEEK_NO_PORTS) == 0 && is_flipped(event)) {
    tcpflow__zeek_exchange(ours);
  }
}

/* Closes that waited for the data before them. */
static void settle_closes(tcpflow__zeek *zeek) {
  for (unsigned role = 0; role < 2; role++) {
    tcpflow__zeek_end *const end = &zeek->end[role];
    if (end->closing && !tcpflow__zeek_pending(zeek, role)) {
      end->closing = false;
      end->did_close = true;
    }
  }
}

static void count(tcpflow__zeek_end *end, const tcpflow_segment *segment) {
  end->packets++;
  if (segment->packet != NULL) {
    end->ip_bytes += segment->packet->ip_length;
  }
}

static void note_window(tcpflow__zeek *zeek, const tcpflow__zeek_segment *s) {
  if (s->segment->window == 0 && !s->rst &&
      zeek->end[!s->role].state != TCPFLOW__ZEEK_CLOSED &&
      zeek->end[s->role].state != TCPFLOW__ZEEK_RESET) {
    tcpflow__zeek_scaled(zeek, s->role, TCPFLOW__ZEEK_WINDOW_0);
  }
}

static void take_segment(tcpflow__zeek *zeek,
                         const tcpflow_segment_event *event) {
  const tcpflow_segment *const segment = event->segment;
  const unsigned role =
    event->side == zeek->originator ? TCPFLOW__ZEEK_ORIG : TCPFLOW__ZEEK_RESP;
  tcpflow__zeek_end *const end = &zeek->end[role];
  tcpflow__zeek_segment s = {
    .segment = segment,
    .role = (uint8_t)role,
    .syn = (segment->flags & TCPFLOW_FLAG_SYN) != 0,
    .fin = (segment->flags & TCPFLOW_FLAG_FIN) != 0,
    .rst = (segment->flags & TCPFLOW_FLAG_RST) != 0,
    .ack = (segment->flags & TCPFLOW_FLAG_ACK) != 0,
  };

  settle_closes(zeek);
  if ((event->verdict & TCPFLOW_VERDICT_BAD_CHECKSUM) != 0) {
    tcpflow__zeek_scaled(zeek, role, TCPFLOW__ZEEK_CHECKSUM);
    return;
  }
  count(end, segment);
  s.rel_seq = tcpflow__zeek_begin_numbers(end, segment);
  tcpflow__zeek_history(zeek, &s);
  note_window(zeek, &s);
  if (!zeek->end[0].did_close || !zeek->end[1].did_close) {
    zeek->last = event->time;
  }
  end->fins += s.fin;
  tcpflow__zeek_take_numbers(zeek, &s);
  tcpflow__zeek_move(zeek, &s);
}

void tcpflow_zeek_segment(tcpflow_zeek *zeek,
                          const tcpflow_segment_event *event) {
  if (has_room(zeek)) {
    take_segment(inside(zeek), event);
  }
}

static tcpflow__zeek_end *end_of(tcpflow__zeek *zeek, tcpflow_side side) {
  return &zeek->end[side == zeek->originator ? TCPFLOW__ZEEK_ORIG
                                             : TCPFLOW__ZEEK_RESP];
}

void tcpflow_zeek_data(tcpflow_zeek *zeek, const tcpflow_data_event *event) {
  if (has_room(zeek)) {
    tcpflow__zeek *const ours = inside(zeek);
    ours->hears_data = true;
    end_of(ours, event->side)->delivered =
      event->data->offset + event->data->length;
  }
}

static bool is_clean(const tcpflow__zeek_end *end) {
  return end->state == TCPFLOW__ZEEK_ESTABLISHED ||
         (end->state == TCPFLOW__ZEEK_CLOSED &&
          end->prev_state == TCPFLOW__ZEEK_ESTABLISHED);
}

/* Only what was acknowledged is a gap to Zeek, and only where both have opened
   before its eyes. */
void tcpflow_zeek_gap(tcpflow_zeek *zeek, const tcpflow_gap_event *event) {
  if (!has_room(zeek)) {
    return;
  }

  tcpflow__zeek *const ours = inside(zeek);
  tcpflow__zeek_end *const end = end_of(ours, event->side);
  end->delivered = event->gap->offset + event->gap->length;
  if ((event->gap->reason == TCPFLOW_GAP_ACKED ||
       event->gap->reason == TCPFLOW_GAP_CUT) &&
      is_clean(&ours->end[0]) && is_clean(&ours->end[1])) {
    tcpflow__zeek_scaled(ours, end == &ours->end[0] ? 0 : 1, TCPFLOW__ZEEK_GAP);
    ours->missed += event->gap->length;
  }
}

void tcpflow_zeek_flip(tcpflow_zeek *zeek) {
  if (has_room(zeek)) {
    tcpflow__zeek *const ours = inside(zeek);
    ours->originator = ours->originator == TCPFLOW_SIDE_CLIENT
                         ? TCPFLOW_SIDE_SERVER
                         : TCPFLOW_SIDE_CLIENT;
  }
}

/* --- conn_state --- */

static bool is_silent(const tcpflow__zeek_end *end) {
  return end->state == TCPFLOW__ZEEK_INACTIVE ||
         end->state == TCPFLOW__ZEEK_PARTIAL;
}

/* Does the history say: SYN, then RST, and nothing else in between? */
static bool aborts_its_syn(const char *history) {
  history += *history == '^';
  if (*history != 'S') {
    return false;
  }
  do {
    history++;
  } while (*history != '\0' && strchr("HAFGIQR", *history) == NULL);
  return *history == 'R';
}

static tcpflow_zeek_state state_of_reset(const tcpflow__zeek *zeek) {
  const tcpflow__zeek_end *const orig = &zeek->end[TCPFLOW__ZEEK_ORIG];
  const tcpflow__zeek_end *const resp = &zeek->end[TCPFLOW__ZEEK_RESP];

  if (resp->state != TCPFLOW__ZEEK_RESET) {
    if (!is_silent(resp)) {
      return TCPFLOW_ZEEK_RSTO;
    }
    return aborts_its_syn(zeek->history) ? TCPFLOW_ZEEK_RSTOS0
                                         : TCPFLOW_ZEEK_OTH;
  }
  if (orig->state == TCPFLOW__ZEEK_SYN_SENT ||
      orig->state == TCPFLOW__ZEEK_SYN_ACK_SENT ||
      (orig->state == TCPFLOW__ZEEK_RESET &&
       tcpflow__zeek_size(zeek, TCPFLOW__ZEEK_ORIG) == 0 &&
       tcpflow__zeek_size(zeek, TCPFLOW__ZEEK_RESP) == 0)) {
    return TCPFLOW_ZEEK_REJ;
  }
  return is_silent(orig) ? TCPFLOW_ZEEK_RSTRH : TCPFLOW_ZEEK_RSTR;
}

static tcpflow_zeek_state state_of_close(const tcpflow__zeek_end *orig,
                                         const tcpflow__zeek_end *resp) {
  if (orig->state == resp->state) {
    return TCPFLOW_ZEEK_SF;
  }
  if (orig->state == TCPFLOW__ZEEK_CLOSED) {
    return is_silent(resp) ? TCPFLOW_ZEEK_SH : TCPFLOW_ZEEK_S2;
  }
  return is_silent(orig) ? TCPFLOW_ZEEK_SHR : TCPFLOW_ZEEK_S3;
}

static bool either_is(const tcpflow__zeek *zeek, unsigned state) {
  return zeek->end[0].state == state || zeek->end[1].state == state;
}

static tcpflow_zeek_state state_of(const tcpflow__zeek *zeek) {
  const tcpflow__zeek_end *const orig = &zeek->end[TCPFLOW__ZEEK_ORIG];
  const tcpflow__zeek_end *const resp = &zeek->end[TCPFLOW__ZEEK_RESP];

  if (either_is(zeek, TCPFLOW__ZEEK_RESET)) {
    return state_of_reset(zeek);
  }
  if (either_is(zeek, TCPFLOW__ZEEK_CLOSED)) {
    return state_of_close(orig, resp);
  }
  if (orig->state == TCPFLOW__ZEEK_SYN_SENT &&
      resp->state == TCPFLOW__ZEEK_INACTIVE) {
    return TCPFLOW_ZEEK_S0;
  }
  return orig->state == TCPFLOW__ZEEK_ESTABLISHED &&
             resp->state == TCPFLOW__ZEEK_ESTABLISHED
           ? TCPFLOW_ZEEK_S1
           : TCPFLOW_ZEEK_OTH;
}

int tcpflow_zeek_get_summary(const tcpflow_zeek *zeek,
                             tcpflow_zeek_summary *summary) {
  const tcpflow__zeek *ours;
  tcpflow_zeek_summary out;

  if (!has_room(zeek) || tcpflow__sized_check(summary) != TCPFLOW_OK) {
    return TCPFLOW_ERR_VERSION;
  }
  ours = (const tcpflow__zeek *)(const void *)zeek->internal;
  memset(&out, 0, sizeof(out));
  out.first = ours->first;
  out.duration = ours->last - ours->first;
  for (unsigned role = 0; role < 2; role++) {
    out.bytes[role] = tcpflow__zeek_size(ours, role);
    out.packets[role] = ours->end[role].packets;
    out.ip_bytes[role] = ours->end[role].ip_bytes;
  }
  out.missed_bytes = ours->missed;
  out.state = state_of(ours);
  out.originator = (tcpflow_side)ours->originator;
  memcpy(out.history, ours->history, sizeof(out.history));
  tcpflow__sized_write(summary, &out, sizeof(out));
  return TCPFLOW_OK;
}
