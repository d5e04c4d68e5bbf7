/*
 * bench/peers/libtins.cc - libtins: to the TCP header, and all options.
 */
#include "../harness.h"

#include <tins/tins.h>

namespace {

uint32_t fetch(const uint8_t *bytes, size_t size) {
  uint32_t value = 0;

  for (size_t i = 0; i < size; i++) {
    value = value << 8 | bytes[i];
  }
  return value;
}

void add_option(harness_found *found, const Tins::TCP::option &option) {
  const uint8_t *const data = option.data_ptr();
  const size_t size = option.data_size();

  switch (option.option()) {
  case Tins::TCP::MSS:
  case Tins::TCP::WSCALE:
    found->sum += fetch(data, size);
    break;
  case Tins::TCP::SACK:
  case Tins::TCP::TSOPT:
    for (size_t at = 0; at + 4 <= size; at += 4) {
      found->sum += fetch(data + at, 4);
    }
    break;
  default:
    break;
  }
}

void pass(const harness_packets *packets, harness_found *found) {
  for (size_t i = 0; i < packets->count; i++) {
    const harness_packet &p = packets->packet[i];
    const Tins::EthernetII frame(p.bytes, p.captured);
    const Tins::TCP *const tcp = frame.find_pdu<Tins::TCP>();

    if (tcp == nullptr) {
      continue;
    }
    found->tcp++;
    found->sum += uint64_t(tcp->seq()) + tcp->ack_seq() + tcp->window();
    for (const auto &option : tcp->options()) {
      add_option(found, option);
    }
  }
}

} // namespace

int main(int argc, char **argv) {
  harness_must(argc == 2, "usage: libtins PASSES <capture");
  harness_run("libtins", argv[1], pass);
  return EXIT_SUCCESS;
}
