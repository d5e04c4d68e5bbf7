/*
 * lib/decode/link_wifi.c - data frames of IEEE 802.11, and A-MSDUs.
 *
 * Room: decode.  Includes: wire.  An A-MSDU holds several packets.  Where the
 * one to decode starts is in the walk, 0 for the first one; subframes in front
 * of it are passed over.
 */
#include "decode/links.h"
#include "wire/bytes.h"

enum {
  CONTROL_SIZE = 2,
  VERSION_AND_TYPE = 0x0f,
  DATA = 0x08,
  NO_DATA = 0x40, /* Of the subtypes of data. */
  QOS = 0x80,
  TO_DS = 0x01,
  FROM_DS = 0x02,
  PROTECTED = 0x40,
  ORDER = 0x80, /* With QoS: an HT control field is there. */
  HEADER_SIZE = 24,
  FOURTH_ADDRESS = 6,
  QOS_SIZE = 2,
  QOS_AMSDU = 0x80,
  QOS_MESH = 0x01,
  HT_CONTROL_SIZE = 4,
  MESH_SIZE = 6,
  MESH_ADDRESSES = 0x03,
  MESH_MOST = 18,
  SNAP = 0xaaaa,
  SUBFRAME_SIZE = 14,
  SUBFRAMES_MOST = 64
};

#define NEXT_LLC   (TCPFLOW__NEXT_OTHER + TCPFLOW_LAYER_LLC)
#define NEXT_AMSDU (TCPFLOW__NEXT_OTHER + TCPFLOW_LAYER_AMSDU)

static int has_qos(const uint8_t *control) {
  return (control[0] & QOS) != 0;
}

/* Octets in front of the QoS field. */
static uint32_t addresses_end(const uint8_t *control) {
  return (control[1] & (TO_DS | FROM_DS)) == (TO_DS | FROM_DS)
           ? HEADER_SIZE + FOURTH_ADDRESS
           : HEADER_SIZE;
}

/* IEEE 802.11 clause 9.3.2.1. */
static uint32_t header_size(const uint8_t *control) {
  uint32_t size = addresses_end(control);

  if (has_qos(control)) {
    size += QOS_SIZE;
    size += (control[1] & ORDER) != 0 ? HT_CONTROL_SIZE : 0;
  }
  return size;
}

/*
 * The bit of mesh control means something else outside a mesh, so it is
 * believed if LLC stands behind the mesh header and not in its place.  The
 * header has zero to two addresses more.  Answers 0 if the walk must stop.
 */
static int skip_mesh(tcpflow__walk *walk) {
  const uint8_t *const start = tcpflow__cursor_peek(&walk->cursor, 2);

  if (start == NULL || tcpflow__fetch16(start) == SNAP ||
      start[0] >= MESH_ADDRESSES ||
      tcpflow__walk_wire_left(walk) < MESH_MOST + 2) {
    return 1;
  }
  const uint8_t *const bytes = tcpflow__walk_peek(walk, MESH_MOST + 2);
  if (bytes == NULL) {
    return 0;
  }
  const uint32_t size = MESH_SIZE * (1U + bytes[0]);

  return tcpflow__fetch16(bytes + size) != SNAP ||
         tcpflow__walk_skip(walk, size);
}

static uint32_t next_body(tcpflow__walk *walk, const uint8_t *header,
                          const uint8_t *control) {
  const uint8_t *const qos = header + addresses_end(control);

  if ((control[0] & NO_DATA) != 0) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
  }
  if ((control[1] & PROTECTED) != 0) {
    return tcpflow__walk_stop_encrypted(walk);
  }
  if (has_qos(control) && (qos[0] & QOS_AMSDU) != 0) {
    return NEXT_AMSDU;
  }
  if (has_qos(control) && (qos[1] & QOS_MESH) != 0 && !skip_mesh(walk)) {
    return TCPFLOW__NEXT_STOP;
  }
  return NEXT_LLC;
}

/* UNIT: what the size of the header is a multiple of.  SWAPPED: 1 if the octets
   of frame control are the wrong way round, else 0. */
static uint32_t enter_wifi(tcpflow__walk *walk, uint32_t unit,
                           unsigned swapped) {
  const uint8_t *const header =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_IEEE802_11, CONTROL_SIZE);

  if (header == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint8_t control[CONTROL_SIZE] = {header[swapped], header[1 - swapped]};

  if ((control[0] & VERSION_AND_TYPE) != DATA) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
  }
  const uint32_t size = (header_size(control) + unit - 1) / unit * unit;

  return tcpflow__walk_skip(walk, size - CONTROL_SIZE)
           ? next_body(walk, header, control)
           : TCPFLOW__NEXT_STOP;
}

uint32_t tcpflow__step_wifi(tcpflow__walk *walk) {
  return enter_wifi(walk, 2, 0);
}

uint32_t tcpflow__step_wifi_padded(tcpflow__walk *walk) {
  return enter_wifi(walk, 4, 0);
}

uint32_t tcpflow__step_wifi_swapped(tcpflow__walk *walk) {
  return enter_wifi(walk, 2, 1);
}

/* Where the subframe behind the next one starts: 0 if the capture does not
   have it.  All but the last are padded to four octets; a few octets at the end
   are a check sequence. */
static uint32_t find_next_subframe(const tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__cursor_peek(&walk->cursor, SUBFRAME_SIZE);

  if (bytes == NULL) {
    return 0;
  }
  const uint32_t size = SUBFRAME_SIZE + (uint32_t)tcpflow__fetch16(bytes + 12);
  const uint32_t padded = (size + 3) / 4 * 4;

  return padded < tcpflow__cursor_left(&walk->cursor) &&
             tcpflow__walk_wire_left(walk) - padded >= SUBFRAME_SIZE
           ? walk->cursor.off + padded
           : 0;
}

/*
 * Passes over the subframes in front of what is asked for; answers where the
 * one behind it starts, 0 if there is none.  Each packet of an aggregate comes
 * by all before it, so their number is limited, and with it the work that a
 * frame can ask for.
 */
static uint32_t go_to_subframe(tcpflow__walk *walk) {
  uint32_t next = find_next_subframe(walk);
  uint32_t passed = 0;

  while (next != 0 && next <= walk->resume && passed < SUBFRAMES_MOST) {
    walk->cursor.off = next;
    next = find_next_subframe(walk);
    passed++;
  }
  if (next != 0 && passed + 1 >= SUBFRAMES_MOST) {
    walk->packet->findings |= TCPFLOW_FINDING_TOO_MANY_PACKETS;
    return 0;
  }
  return next;
}

/* IEEE 802.11 clause 9.3.2.2.2. */
uint32_t tcpflow__step_amsdu(tcpflow__walk *walk) {
  const uint32_t next = go_to_subframe(walk);
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_AMSDU, SUBFRAME_SIZE);

  if (next != 0) {
    walk->packet->findings |= TCPFLOW_FINDING_AGGREGATE;
    walk->packet->next_offset = next;
  }
  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  tcpflow__walk_fit(walk, tcpflow__fetch16(bytes + 12));
  return NEXT_LLC;
}
