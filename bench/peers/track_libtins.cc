/*
 * bench/peers/track_libtins.cc - libtins: its StreamFollower, with the data of
 * both directions.
 */
#include "../harness.h"

#include <tins/tcp_ip/stream_follower.h>
#include <tins/tins.h>

namespace {

void pass(const harness_packets *packets, harness_found *found) {
  Tins::TCPIP::StreamFollower follower;

  follower.new_stream_callback([found](Tins::TCPIP::Stream &stream) {
    found->tcp++;
    stream.client_data_callback([found](Tins::TCPIP::Stream &s) {
      found->sum += s.client_payload().size();
    });
    stream.server_data_callback([found](Tins::TCPIP::Stream &s) {
      found->sum += s.server_payload().size();
    });
  });
  for (size_t i = 0; i < packets->count; i++) {
    const harness_packet &p = packets->packet[i];
    Tins::EthernetII frame(p.bytes, p.captured);
    Tins::Packet packet(frame, std::chrono::microseconds(p.time / 1000));

    follower.process_packet(packet);
  }
}

} // namespace

int main(int argc, char **argv) {
  harness_must(argc == 2, "usage: track_libtins PASSES <capture");
  harness_run("track_libtins", argv[1], pass);
  return EXIT_SUCCESS;
}
