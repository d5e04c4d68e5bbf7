/*
 * bench/peers/track_ndpi.c - nDPI: every packet is given to its detection.  It
 * has no table of flows, so a plain one is here, with a flow each; and it puts
 * no streams together, so octets are counted as they come.
 */
#include "../harness.h"

#include <ndpi/ndpi_api.h>

enum {
  BUCKETS = 1 << 16
};

typedef struct flow {
  struct flow *next;
  uint8_t key[12]; /* Of IPv4: the lower end, then the other. */
  struct ndpi_flow_struct *state;
} flow;

static void make_key(const uint8_t *ip, const uint8_t *tcp, uint8_t key[12]) {
  uint8_t end[2][6];
  int first;

  for (int i = 0; i < 2; i++) {
    memcpy(end[i], ip + 12 + 4 * i, 4);
    memcpy(end[i] + 4, tcp + 2 * i, 2);
  }
  first = memcmp(end[0], end[1], 6) > 0;
  memcpy(key, end[first], 6);
  memcpy(key + 6, end[1 - first], 6);
}

static unsigned hash_key(const uint8_t key[12]) {
  uint32_t hash = 2166136261U;

  for (int i = 0; i < 12; i++) {
    hash = (hash ^ key[i]) * 16777619U;
  }
  return (hash ^ hash >> 16) % BUCKETS;
}

static flow *find_flow(flow **table, const uint8_t key[12],
                       harness_found *found) {
  flow **const head = &table[hash_key(key)];
  flow *at = *head;

  while (at != NULL && memcmp(at->key, key, 12) != 0) {
    at = at->next;
  }
  if (at == NULL) {
    at = (flow *)calloc(1, sizeof(*at));
    harness_must(at != NULL, "no memory");
    at->state = (struct ndpi_flow_struct *)ndpi_flow_malloc(SIZEOF_FLOW_STRUCT);
    harness_must(at->state != NULL, "no memory");
    memset(at->state, 0, SIZEOF_FLOW_STRUCT);
    memcpy(at->key, key, 12);
    at->next = *head;
    *head = at;
    found->tcp++;
  }
  return at;
}

static void take_packet(struct ndpi_detection_module_struct *module,
                        flow **table, const harness_packet *p,
                        harness_found *found) {
  const uint8_t *const ip = p->bytes + 14;
  const uint8_t *const tcp = ip + 20;
  const unsigned length = (unsigned)ip[2] << 8 | ip[3];
  uint8_t key[12];

  if (p->captured < 54 || ip[0] != 0x45 || ip[9] != 6) {
    return;
  }
  make_key(ip, tcp, key);
  found->sum += length - 20 - (tcp[12] >> 4) * 4U;
  (void)ndpi_detection_process_packet(
    module, find_flow(table, key, found)->state, ip, (unsigned short)length,
    p->time / 1000000);
}

static void drop_flows(flow **table) {
  for (size_t i = 0; i < BUCKETS; i++) {
    while (table[i] != NULL) {
      flow *const at = table[i];
      table[i] = at->next;
      ndpi_free_flow(at->state);
      free(at);
    }
  }
  free(table);
}

static void pass(const harness_packets *packets, harness_found *found) {
  static struct ndpi_detection_module_struct *module;
  flow **const table = (flow **)calloc(BUCKETS, sizeof(*table));

  if (module == NULL) {
    NDPI_PROTOCOL_BITMASK all;
    module = ndpi_init_detection_module(ndpi_no_prefs);
    harness_must(module != NULL, "ndpi_init_detection_module");
    NDPI_BITMASK_SET_ALL(all);
    ndpi_set_protocol_detection_bitmask2(module, &all);
    ndpi_finalize_initialization(module);
  }
  harness_must(table != NULL, "no memory");
  for (size_t i = 0; i < packets->count; i++) {
    take_packet(module, table, &packets->packet[i], found);
  }
  drop_flows(table);
}

int main(int argc, char **argv) {
  harness_must(argc == 2, "usage: track_ndpi PASSES <capture");
  harness_run("track_ndpi", argv[1], pass);
  return EXIT_SUCCESS;
}
