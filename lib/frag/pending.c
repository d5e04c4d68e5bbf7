/*
 * lib/frag/pending.c - a datagram that waits for more fragments.
 *
 * Room: frag.  Includes: base.
 */
#include "frag/pending.h"

#include <string.h>

/* The header is kept with the octet that follows it. */
static uint32_t header_kept(const tcpflow__fragment *fragment) {
  return fragment->start == 0 ? fragment->header_size : 0;
}

/* Octets that the capture has, up to the end: that may have been cut back. */
static uint32_t data_kept(const tcpflow__fragment *fragment) {
  const uint32_t length = fragment->end - fragment->start;

  return fragment->captured < length ? fragment->captured : length;
}

uint64_t tcpflow__part_cost(const tcpflow__fragment *fragment) {
  return sizeof(tcpflow__part) + header_kept(fragment) + data_kept(fragment);
}

tcpflow__part *tcpflow__part_new(const tcpflow_mem *mem,
                                 const tcpflow__fragment *fragment) {
  const uint32_t header = header_kept(fragment);
  const uint32_t data = data_kept(fragment);
  tcpflow__part *const part =
    (tcpflow__part *)tcpflow__malloc(mem, (size_t)tcpflow__part_cost(fragment));

  if (part == NULL) {
    return NULL;
  }
  part->next = NULL;
  part->start = fragment->start;
  part->end = fragment->end;
  part->captured = data;
  part->header_size = header;
  part->next_at = fragment->next_at;
  part->protocol = fragment->protocol;
  if (header != 0) {
    memcpy(part->bytes, fragment->header, header);
  }
  if (data != 0) {
    memcpy(part->bytes + header, fragment->data, data);
  }
  return part;
}

/* --- maps --- */

void tcpflow__map_add(tcpflow__map *map, uint32_t start, uint32_t end) {
  tcpflow__bitset_add_range(&map->covered, tcpflow__unit_of(start),
                            tcpflow__unit_behind(end));
  tcpflow__bitset_add(&map->starts, tcpflow__unit_of(start));
}

void tcpflow__map_fill(tcpflow__map *map, const tcpflow__pending *pending) {
  tcpflow__bitset_clear(&map->covered);
  tcpflow__bitset_clear(&map->starts);
  for (const tcpflow__part *part = pending->first; part != NULL;
       part = part->next) {
    tcpflow__map_add(map, part->start, part->end);
  }
}

/* Where the fragment that starts at unit FROM ends, if none overlaps it: where
   the next one starts, or nothing is covered. */
static bool ends_at(const tcpflow__map *map, uint32_t from, uint32_t end) {
  return tcpflow__bitset_has_range(&map->covered, from, end) &&
         tcpflow__bitset_ceil(&map->starts, from + 1) >= end &&
         (end == TCPFLOW__UNITS || tcpflow__bitset_has(&map->starts, end) ||
          !tcpflow__bitset_has(&map->covered, end));
}

tcpflow__lie tcpflow__map_lie(const tcpflow__map *map, uint32_t start,
                              uint32_t end) {
  const uint32_t from = tcpflow__unit_of(start);
  const uint32_t behind = tcpflow__unit_behind(end);

  if (tcpflow__bitset_ceil(&map->covered, from) >= behind) {
    return TCPFLOW__LIE_APART;
  }
  return tcpflow__bitset_has(&map->starts, from) && ends_at(map, from, behind)
           ? TCPFLOW__LIE_DUPLICATE
           : TCPFLOW__LIE_OVERLAP;
}

/* --- the datagram --- */

void tcpflow__pending_take_back(const tcpflow_mem *mem,
                                tcpflow__pending *pending) {
  tcpflow__part *const gone = pending->facts.last;
  const uint64_t cost = sizeof(*gone) + gone->header_size + gone->captured;

  pending->facts = pending->before;
  if (pending->facts.last == NULL) {
    pending->first = NULL;
  } else {
    pending->facts.last->next = NULL;
  }
  pending->memory -= cost;
  tcpflow__free(mem, gone);
  if (pending->map != NULL) {
    tcpflow__map_fill(pending->map, pending);
  }
}

uint64_t tcpflow__pending_strip(const tcpflow_mem *mem,
                                tcpflow__pending *pending) {
  const uint64_t freed = pending->memory - sizeof(*pending);

  while (pending->first != NULL) {
    tcpflow__part *const part = pending->first;
    pending->first = part->next;
    tcpflow__free(mem, part);
  }
  tcpflow__free(mem, pending->map);
  pending->map = NULL;
  pending->facts.last = NULL;
  pending->memory = sizeof(*pending);
  return freed;
}
