/*
 * guide_parts.c - the parts of the library, each used alone.  The guide quotes
 * it.
 */
#include <stdio.h>
#include <string.h>
#include <tcpflow/tcpflow.h>

/* Headers and nothing else. */
static void decode_only(const tcpflow_frame *frame) {
  //! [decode]
  tcpflow_packet packet;
  tcpflow_packet_init(&packet);
  if (tcpflow_packet_decode(&packet, frame, NULL) != TCPFLOW_OK) {
    return; /* Our mistake: packet was not initialized. */
  }
  if (packet.kind != TCPFLOW_PACKET_TCP) {
    printf("no TCP: %s\n",
           tcpflow_packet_kind_name((tcpflow_packet_kind)packet.kind));
    return;
  }
  printf("port %u to %u, seq %u, %u octets of data, %u of them captured, "
         "checksum %s\n",
         packet.tuple.port[0], packet.tuple.port[1], packet.seq,
         packet.payload_length, packet.payload_captured,
         tcpflow_checksum_name(tcpflow_packet_checksum(&packet)));
  //! [decode]
}

/* A list of options, from anywhere. */
static void options_only(void) {
  //! [options]
  static const uint8_t list[] = {2, 4, 5, 0xb4, 1, 3,    3,
                                 7, 4, 2, 254,  4, 0xf9, 0x89};
  tcpflow_options options;
  tcpflow_options_init(&options);
  if (tcpflow_options_parse(&options, list, sizeof(list), sizeof(list),
                            TCPFLOW_FLAG_SYN) == TCPFLOW_OK &&
      (options.present & TCPFLOW_HAS_WSCALE) != 0) {
    printf("mss %u, windows times %u\n", options.mss, 1U << options.wscale);
  }

  tcpflow_option_walk walk;
  tcpflow_option option;
  tcpflow_option_walk_init(&walk, list, sizeof(list), sizeof(list),
                           TCPFLOW_FLAG_SYN);
  while (tcpflow_option_walk_next(&walk, &option)) {
    printf("option %u (%s), %u octets of value\n", option.kind,
           tcpflow_option_name(option.kind), option.data_length);
  }
  //! [options]
}

/* One option, apart and together. */
static void values_only(void) {
  //! [values]
  static const uint8_t list[] = {30,   12,   0,    0x81, 0x9c, 0x9e,
                                 0xab, 0xd1, 0xe4, 0x6a, 0x33, 0xb2};
  tcpflow_option_walk walk;
  tcpflow_option option;
  tcpflow_option_value value;
  tcpflow_options_builder again;

  tcpflow_options_builder_init(&again);
  tcpflow_option_walk_init(&walk, list, sizeof(list), sizeof(list),
                           TCPFLOW_FLAG_SYN);
  while (tcpflow_option_walk_next(&walk, &option)) {
    if (tcpflow_option_value_get(&value, &option) &&
        value.type == TCPFLOW_VALUE_MP_CAPABLE) {
      printf("%s, version %u, %u key\n", tcpflow_mptcp_subtype_name(0),
             value.as.mp_capable.version, value.as.mp_capable.key_count);
      value.as.mp_capable.version = 1;
      if (tcpflow_options_builder_value(&again, &value) == TCPFLOW_OK) {
        printf("the same for version 1: %u octets\n", again.length);
      }
    }
  }
  //! [values]
}

/* A list of options to put into a packet. */
static void build_only(void) {
  //! [build]
  tcpflow_options_builder options;
  tcpflow_options_builder_init(&options);
  if (tcpflow_options_builder_mss(&options, 1460) != TCPFLOW_OK ||
      tcpflow_options_builder_sack_permitted(&options) != TCPFLOW_OK) {
    return; /* More than 40 octets: not with these two. */
  }
  tcpflow_options_builder_pad(&options, TCPFLOW_OPTION_NOP);

  tcpflow_build_tcp tcp;
  tcpflow_build_tcp_init(&tcp);
  tcp.flags = TCPFLOW_FLAG_SYN;
  tcp.seq = 1000;
  tcp.options = options.bytes;
  tcp.options_length = options.length;

  const tcpflow_tuple tuple = {.version = 4,
                               .port = {40000, 80},
                               .address = {{192, 0, 2, 1}, {198, 51, 100, 1}}};
  uint8_t room[TCPFLOW_BUILD_ROOM];
  tcpflow_frame frame;
  if (tcpflow_build_segment(&frame, room, sizeof(room), TCPFLOW_LINK_ETHERNET,
                            &tuple, &tcp) == TCPFLOW_OK) {
    decode_only(&frame);
  }
  //! [build]
}

/* RFC 9293, Figure 5. */
static void diagram_only(void) {
  //! [state]
  static const tcpflow_stimulus closing_first[] = {
    TCPFLOW_STIMULUS_SND_FIN, TCPFLOW_STIMULUS_RCV_ACK_OF_FIN,
    TCPFLOW_STIMULUS_RCV_FIN, TCPFLOW_STIMULUS_TIMEOUT};
  tcpflow_state state = TCPFLOW_STATE_ESTABLISHED;
  for (size_t i = 0; i < sizeof(closing_first) / sizeof(*closing_first); i++) {
    const tcpflow_state next = tcpflow_state_next(state, closing_first[i]);
    printf("%s -> %s: %s\n", tcpflow_state_name(state),
           tcpflow_state_name(next),
           tcpflow_state_arrow(state, closing_first[i]));
    state = next;
  }
  //! [state]
}

//! [stream]
static int on_stream_data(tcpflow_stream *stream,
                          const tcpflow_stream_data *data, void *user) {
  (void)stream;
  (void)user;
  printf("at %llu: \"%.*s\"\n", (unsigned long long)data->offset,
         (int)data->length, (const char *)data->bytes);
  return 0;
}

static int on_stream_gap(tcpflow_stream *stream, const tcpflow_stream_gap *gap,
                         void *user) {
  (void)stream;
  (void)user;
  printf("at %llu: %llu octets are missing (%s)\n",
         (unsigned long long)gap->offset, (unsigned long long)gap->length,
         tcpflow_gap_reason_name(gap->reason));
  return 0;
}

static int add(tcpflow_stream *stream, uint64_t offset, const char *text) {
  return tcpflow_stream_add(stream, offset, (const uint8_t *)text, strlen(text),
                            strlen(text));
}

/* Pieces in any order in, octets in order out. */
static int stream_only(void) {
  tcpflow_stream_callbacks callbacks;
  tcpflow_stream *stream;

  tcpflow_stream_callbacks_init(&callbacks);
  callbacks.on_data = on_stream_data;
  callbacks.on_gap = on_stream_gap;
  if (tcpflow_stream_new(&stream, NULL, &callbacks, NULL, NULL) != 0) {
    return TCPFLOW_ERR_NOMEM;
  }
  int error = add(stream, 0, "one ");
  error = error != 0 ? error : add(stream, 8, "three "); /* Early: held. */
  error = error != 0 ? error : add(stream, 4, "two ");   /* Fills the hole. */
  error = error != 0 ? error : add(stream, 19, "five");
  error =
    error != 0 ? error : tcpflow_stream_flush(stream, TCPFLOW_GAP_FLUSHED);
  tcpflow_stream_del(stream);
  return error;
}
//! [stream]

/* tcpdump's lines in, and out again. */
static int text_only(void) {
  //! [text]
  static const char pasted[] =
    "> 16:29:59.847444 IP 192.0.2.1.40000 > 198.51.100.1.80: Flags [S] seq "
    "3147299277, win 29200, options [mss 1424,nop,wscale 7], length 0";
  tcpflow_text_reader *reader = NULL;
  tcpflow_printer *printer = NULL;
  tcpflow_text_result result;
  tcpflow_packet packet;
  tcpflow_frame frame;
  char line[TCPFLOW_TEXT_LINE_MAX];

  int error = tcpflow_text_reader_new(&reader, NULL, NULL);
  if (error == 0) {
    error = tcpflow_printer_new(&printer, NULL, NULL);
  }
  if (error == 0) {
    error =
      tcpflow_text_reader_line(reader, pasted, strlen(pasted), &result, &frame);
  }
  if (error == 0 && result == TCPFLOW_TEXT_PACKET) {
    tcpflow_packet_init(&packet);
    error = tcpflow_packet_decode(&packet, &frame, NULL);
    if (error == 0) {
      error = tcpflow_printer_line(printer, &packet, line, sizeof(line), NULL);
    }
    if (error == 0) {
      puts(line);
    }
  } else if (error == 0) {
    puts(tcpflow_text_reader_problem(reader));
  }
  tcpflow_printer_del(printer); /* NULL is fine. */
  tcpflow_text_reader_del(reader);
  //! [text]
  return error;
}

static int script_only(void) {
  //! [script]
  static const char *const lines[] = {
    "0 listen(3, 1) = 0",
    "+0 < S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>",
    "+0 > S. 0:0(0) ack 1 <...>"};
  tcpflow_packetdrill *script = NULL;
  tcpflow_packetdrill_config config;
  tcpflow_text_result result;
  tcpflow_packet packet;
  tcpflow_frame frame;
  char line[TCPFLOW_TEXT_LINE_MAX];

  tcpflow_packetdrill_config_init(&config);
  config.tuple.version = 4;
  config.tuple.port[0] = 8080; /* The local end; the rest may stay 0. */
  int error = tcpflow_packetdrill_new(&script, &config, NULL);
  for (size_t i = 0; error == 0 && i < sizeof(lines) / sizeof(lines[0]); i++) {
    error = tcpflow_packetdrill_read(script, lines[i], strlen(lines[i]),
                                     &result, &frame);
    if (error != 0 || result != TCPFLOW_TEXT_PACKET) {
      continue;
    }
    const uint32_t untold = tcpflow_packetdrill_untold_bits(script);

    tcpflow_packet_init(&packet);
    error = tcpflow_packet_decode(&packet, &frame, NULL);
    if (error == 0) {
      error =
        tcpflow_packetdrill_print(script, &packet, line, sizeof(line), NULL);
    }
    if (error == 0) {
      printf("%s%s\n", line, untold != 0 ? " // and what was left open" : "");
    }
  }
  tcpflow_packetdrill_del(script);
  //! [script]
  return error;
}

int main(void) {
  build_only();
  options_only();
  values_only();
  diagram_only();
  int error = stream_only();
  if (error == 0) {
    error = text_only();
  }
  if (error == 0) {
    error = script_only();
  }
  if (error != 0) {
    fprintf(stderr, "guide_parts: %s\n", tcpflow_strerror(error));
  }
  return error != 0;
}
