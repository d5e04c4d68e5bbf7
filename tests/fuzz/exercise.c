/*
 * tests/fuzz/exercise.c - one frame through decoder, options, checksum, text
 * and tracker.
 */
#include "fuzz/exercise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/decode/invariants.h"

enum {
  FLOWS = 64,
  HELD = 1 << 16,
  GARBAGE = 0x5a
};

void (*exercise_violated)(const char *what);

static void must(int good, const char *what) {
  if (good) {
    return;
  }
  if (exercise_violated != NULL) {
    exercise_violated(what);
    return;
  }
  fprintf(stderr, "violated: %s\n", what);
  abort();
}

/* Data may be borrowed from the frame or from what is held: look at it all. */
static int take_data(tcpflow_conn *conn, const tcpflow_data_event *event,
                     void *user) {
  exercise *const all = user;

  (void)conn;
  for (size_t i = 0; i < event->data->length; i++) {
    all->sum += event->data->bytes[i];
  }
  all->octets += event->data->length;
  return 0;
}

static void begin_tracker(exercise *all) {
  tcpflow_tracker_config config;
  tcpflow_conn_callbacks callbacks;

  tcpflow_tracker_config_init(&config);
  config.max_flows = FLOWS;
  config.max_held_bytes = HELD;
  config.verify_checksums = 1;
  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_data = take_data;
  must(tcpflow_tracker_new(&all->tracker, &config, &callbacks, NULL, all) ==
         TCPFLOW_OK,
       "no tracker");
}

static void begin_frag(exercise *all) {
  tcpflow_frag_config config;

  tcpflow_frag_config_init(&config);
  config.max_datagrams = FLOWS;
  config.max_bytes = HELD;
  must(tcpflow_frag_new(&all->frag, &config, NULL, NULL, NULL) == TCPFLOW_OK,
       "no reassembler");
}

void exercise_begin(exercise *all) {
  tcpflow_printer_config config;
  tcpflow_text_reader_config reader;

  *all = (exercise){.frames = 0};
  tcpflow_printer_config_init(&config);
  config.max_flows = FLOWS;
  for (uint32_t i = 0; i < EXERCISE_PRINTERS; i++) {
    config.absolute = i & 1U;
    config.verbose = i > 0;
    config.link_header = i > 1;
    must(tcpflow_printer_new(&all->printer[i], &config, NULL) == TCPFLOW_OK,
         "no printer");
  }
  tcpflow_text_reader_config_init(&reader);
  reader.max_flows = FLOWS;
  must(tcpflow_text_reader_new(&all->reader, &reader, NULL) == TCPFLOW_OK,
       "no reader");
  begin_tracker(all);
  begin_frag(all);
}

void exercise_end(exercise *all) {
  for (size_t i = 0; i < EXERCISE_PRINTERS; i++) {
    tcpflow_printer_del(all->printer[i]);
  }
  tcpflow_text_reader_del(all->reader);
  tcpflow_tracker_del(all->tracker);
  tcpflow_frag_del(all->frag);
}

static void check_layers(exercise *all, const tcpflow_packet *packet) {
  tcpflow_tuple ends;

  for (unsigned i = 0; i <= packet->layer_count; i++) {
    const int is_ip = tcpflow_packet_layer_ends(packet, i, &ends);
    must(!is_ip || i < packet->layer_count, "ends of a layer that is not");
    must(!is_ip || ends.version == 4 || ends.version == 6,
         "ends of no version");
    uint64_t id = 0;
    const int has_id = tcpflow_packet_layer_id(packet, i, &id);
    must(has_id ? i < packet->layer_count : id == 0, "a number that is not");
    all->sum += id;
  }
}

/* What was taken apart is put together again to the same octets, EOL and what
   is behind it aside. */
static void check_value(exercise *all, const tcpflow_option *option) {
  tcpflow_option_value value;
  tcpflow_options_builder builder;
  const int good = tcpflow_option_value_get(&value, option);

  all->sum += value.type;
  if (!good || option->kind == TCPFLOW_OPTION_EOL) {
    return;
  }
  tcpflow_options_builder_init(&builder);
  must(tcpflow_options_builder_value(&builder, &value) == TCPFLOW_OK,
       "a value that was taken and is not given");
  must(builder.length == option->length &&
         (option->length <= 2 ||
          memcmp(builder.bytes + 2, option->data, option->length - 2U) == 0),
       "a value that comes back as other octets");
}

static void check_options(exercise *all, const tcpflow_packet *packet) {
  const uint8_t *const bytes = packet->bytes + packet->tcp_offset + 20;
  tcpflow_option_walk walk;
  tcpflow_option option;
  tcpflow_options options;
  unsigned turns = 0;

  tcpflow_option_walk_init(&walk, bytes, packet->options_length,
                           packet->options_captured, packet->flags);
  while (tcpflow_option_walk_next(&walk, &option)) {
    must(++turns <= TCPFLOW_OPTIONS_MAX, "options that do not end");
    must(option.offset < packet->options_captured, "an option outside");
    for (size_t i = 0; i < option.data_length; i++) {
      all->sum += option.data[i];
    }
    check_value(all, &option);
  }
  tcpflow_options_init(&options);
  must(tcpflow_options_parse(&options, bytes, packet->options_length,
                             packet->options_captured,
                             packet->flags) == TCPFLOW_OK &&
         options.count == turns,
       "walked and parsed differently");
}

static void check_packet(exercise *all, const tcpflow_packet *packet) {
  const char *const wrong = packet_violation(packet);

  must(wrong == NULL, wrong == NULL ? "" : wrong);
  check_layers(all, packet);
  const tcpflow_checksum sum = tcpflow_packet_checksum(packet);
  must(packet->kind != TCPFLOW_PACKET_TCP || sum != TCPFLOW_CHECKSUM_NONE,
       "a TCP packet without a verdict on its checksum");
  if (packet->kind == TCPFLOW_PACKET_TCP) {
    check_options(all, packet);
    for (size_t i = 0; i < packet->payload_captured; i++) {
      all->sum += packet->bytes[packet->payload_offset + i];
    }
  }
  all->packets++;
}

static void check_next(exercise *all, const tcpflow_frame *frame,
                       const tcpflow_packet *first) {
  tcpflow_packet packet = *first;
  uint32_t turns = 0;

  while (tcpflow_packet_next(&packet, frame, NULL) > 0) {
    must(++turns <= first->captured, "packets that do not end");
    check_packet(all, &packet);
  }
}

void exercise_decode(exercise *all, const tcpflow_frame *frame,
                     tcpflow_packet *packet) {
  memset(packet, GARBAGE, sizeof(*packet));
  packet->size = sizeof(*packet);
  must(tcpflow_packet_decode(packet, frame, NULL) == TCPFLOW_OK,
       "decoding failed");
  check_packet(all, packet);
  check_next(all, frame, packet);
  all->frames++;
}

static void print(exercise *all, const tcpflow_packet *packet) {
  char line[TCPFLOW_TEXT_LINE_MAX];
  tcpflow_text_result result;
  tcpflow_frame back;
  size_t length;

  for (size_t i = 0; i < EXERCISE_PRINTERS; i++) {
    const int error = tcpflow_printer_line(all->printer[i], packet, line,
                                           sizeof(line), &length);
    must(error == TCPFLOW_OK || error == TCPFLOW_ERR_INVALID, "no line");
    if (error == TCPFLOW_OK) {
      must(length < sizeof(line) && strlen(line) == length,
           "a line that is too long, or has a 0 in it");
      must(tcpflow_text_reader_line(all->reader, line, length, &result,
                                    &back) == TCPFLOW_OK,
           "a line that is not read");
      all->lines++;
    }
  }
}

/* What a fragment completes is decoded as well. */
static void put_together(exercise *all, const tcpflow_packet *fragment) {
  tcpflow_frag_result result;
  tcpflow_frame datagram;
  tcpflow_packet packet;

  tcpflow_frag_result_init(&result);
  must(tcpflow_frag_feed(all->frag, fragment, &result, &datagram) == TCPFLOW_OK,
       "a packet that is not taken");
  if (result.outcome == TCPFLOW_FRAG_COMPLETE) {
    exercise_decode(all, &datagram, &packet);
    all->wholes++;
  }
}

void exercise_frame(exercise *all, const tcpflow_frame *frame) {
  tcpflow_packet packet;
  size_t consumed;

  exercise_decode(all, frame, &packet);
  put_together(all, &packet);
  print(all, &packet);
  must(tcpflow_tracker_feed(all->tracker, frame, 1, &consumed) == TCPFLOW_OK &&
         consumed == 1,
       "a frame that is not followed");
}

static void read_part(exercise *all, const char *line, size_t length) {
  tcpflow_text_result result;
  tcpflow_frame frame;
  tcpflow_packet packet;
  char *const copy = malloc(length > 0 ? length : 1);

  must(copy != NULL, "no memory");
  memcpy(copy, line, length);
  must(tcpflow_text_reader_line(all->reader, copy, length, &result, &frame) ==
         TCPFLOW_OK,
       "a damaged line that is not read");
  free(copy);
  if (result == TCPFLOW_TEXT_PACKET) {
    exercise_decode(all, &frame, &packet);
  }
  all->broken++;
}

static void read_damaged(exercise *all, char *line, size_t length) {
  static const char odd[] = {'\0', ' ', ':', '.', '[', '>', '9', '-', '\xff'};

  for (size_t i = 0; i <= length; i++) {
    const char kept = line[i];
    read_part(all, line, i);
    for (size_t k = 0; i < length && k < sizeof(odd); k++) {
      line[i] = odd[k];
      read_part(all, line, length);
    }
    line[i] = kept;
  }
}

void exercise_line(exercise *all, const tcpflow_frame *frame) {
  char line[TCPFLOW_TEXT_LINE_MAX];
  tcpflow_packet packet;
  size_t length;

  tcpflow_packet_init(&packet);
  must(tcpflow_packet_decode(&packet, frame, NULL) == TCPFLOW_OK,
       "decoding failed");
  for (size_t i = 0; i < EXERCISE_PRINTERS; i++) {
    if (tcpflow_printer_line(all->printer[i], &packet, line, sizeof(line),
                             &length) == TCPFLOW_OK) {
      read_damaged(all, line, length);
    }
  }
}

static void compare_tcp(const tcpflow_packet *cut,
                        const tcpflow_packet *whole) {
  must(whole->kind == TCPFLOW_PACKET_TCP, "fewer octets tell more");
  must(cut->tcp_offset == whole->tcp_offset &&
         cut->tcp_length == whole->tcp_length,
       "fewer octets put TCP elsewhere");
  must(memcmp(&cut->tuple, &whole->tuple, sizeof(cut->tuple)) == 0,
       "fewer octets name other ends");
  must(cut->seq == whole->seq && cut->ack == whole->ack &&
         cut->flags == whole->flags && cut->window == whole->window &&
         cut->urgent == whole->urgent && cut->checksum == whole->checksum &&
         cut->header_length == whole->header_length,
       "fewer octets tell another header");
  must(cut->payload_offset == whole->payload_offset &&
         cut->payload_length == whole->payload_length,
       "fewer octets tell another payload");
}

/* How many layers are known by what announces them: nothing says what a label
   stack carries, so what is there decides (RFC 4928). */
static size_t announced(const tcpflow_packet *packet) {
  size_t count = 0;

  while (count < packet->layer_count &&
         packet->layer[count].type != TCPFLOW_LAYER_MPLS) {
    count++;
  }
  return count;
}

void exercise_compare(const tcpflow_packet *cut, const tcpflow_packet *whole) {
  const size_t both = announced(cut);

  must(both <= whole->layer_count &&
         memcmp(cut->layer, whole->layer, both * sizeof(cut->layer[0])) == 0,
       "fewer octets find other layers");
  if (cut->kind == TCPFLOW_PACKET_TCP) {
    compare_tcp(cut, whole);
  }
}
