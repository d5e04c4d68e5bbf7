/*
 * examples/explainer/liner.c - prints packets as tcpdump does, with the names
 * that the text gave to hosts.
 */
#include "explainer/liner.h"

#include "common.h"
#include "explainer/arena.h"

#include <stdio.h>
#include <string.h>

int liner_open(struct liner *liner, const tcpflow_text_reader *text) {
  tcpflow_printer_config config;

  tcpflow_printer_config_init(&config);
  config.absolute = 1;
  liner->text = text;
  return tcpflow_printer_new(&liner->printer, &config, NULL);
}

void liner_close(struct liner *liner) {
  tcpflow_printer_del(liner->printer);
  liner->printer = NULL;
}

/* Options are filled up to whole words when a line becomes a frame; where the
   line did not have that filling it is not shown. */
static void remove_filling(struct liner *liner) {
  static const char filling[] = ",eol]";
  char *const found = strstr(liner->buffer, filling);

  if (found != NULL && liner->original != NULL &&
      strstr(liner->original, "eol") == NULL) {
    memmove(found, found + 4, strlen(found + 4) + 1);
  }
}

/* As tcpdump, a capture's times are local; those of text are what they say. */
static void set_zone(struct liner *liner, tcpflow_time time) {
  if (liner->text == NULL) {
    tcpflow_printer_set_zone(liner->printer, local_zone(time));
  }
}

/* "IP 192.0.2.1.80 > 192.0.2.2.81:", or with the names of the hosts. */
static void write_ends(const struct liner *liner, const tcpflow_packet *packet,
                       int with_names, char *out, size_t capacity) {
  char addresses[2][64];
  const char *ends[2];

  for (int i = 0; i < 2; i++) {
    const uint8_t *const address = packet->tuple.address[i];
    const char *const name =
      tcpflow_text_reader_host(liner->text, packet->tuple.version, address);

    tcpflow_text_address(addresses[i], sizeof(addresses[i]),
                         packet->tuple.version, address);
    ends[i] = with_names && name != NULL ? name : addresses[i];
  }
  snprintf(out, capacity,
           "%s %s.%u > %s.%u:", packet->tuple.version == 4 ? "IP" : "IP6",
           ends[0], packet->tuple.port[0], ends[1], packet->tuple.port[1]);
}

static char *restore_names(const struct liner *liner,
                           const tcpflow_packet *packet) {
  char numbers[1024];
  char names[1024];
  char line[2 * TCPFLOW_TEXT_LINE_MAX];

  write_ends(liner, packet, 0, numbers, sizeof(numbers));
  write_ends(liner, packet, 1, names, sizeof(names));
  const char *const found = strstr(liner->buffer, numbers);
  if (found == NULL) {
    return must_copy(liner->buffer);
  }

  snprintf(line, sizeof(line), "%.*s%s%s", (int)(found - liner->buffer),
           liner->buffer, names, found + strlen(numbers));
  return must_copy(line);
}

char *liner_print(void *maker, const tcpflow_packet *packet) {
  struct liner *const liner = maker;

  set_zone(liner, packet->time);
  if (tcpflow_printer_line(liner->printer, packet, liner->buffer,
                           sizeof(liner->buffer), NULL) != TCPFLOW_OK) {
    return must_copy("");
  }
  if (liner->text == NULL) {
    return must_copy(liner->buffer);
  }
  remove_filling(liner);
  return restore_names(liner, packet);
}
