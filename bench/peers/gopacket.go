// bench/peers/gopacket.go - gopacket's fast way, its DecodingLayerParser: to
// the TCP header, and all options.  It speaks as harness.h does.
package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strconv"
	"syscall"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

func index(file []byte) [][]byte {
	var packets [][]byte
	for at := 24; at+16 <= len(file); {
		size := int(binary.LittleEndian.Uint32(file[at+8:]))
		at += 16
		packets = append(packets, file[at:at+size])
		at += size
	}
	return packets
}

func number(data []byte) uint64 {
	var value uint64
	for _, octet := range data {
		value = value<<8 | uint64(octet)
	}
	return value
}

func sumOf(tcp *layers.TCP) uint64 {
	sum := uint64(tcp.Seq) + uint64(tcp.Ack) + uint64(tcp.Window)
	for i := range tcp.Options {
		option := &tcp.Options[i]
		switch option.OptionType {
		case layers.TCPOptionKindMSS, layers.TCPOptionKindWindowScale:
			sum += number(option.OptionData)
		case layers.TCPOptionKindSACK, layers.TCPOptionKindTimestamps:
			for at := 0; at+4 <= len(option.OptionData); at += 4 {
				sum += uint64(binary.BigEndian.Uint32(option.OptionData[at:]))
			}
		}
	}
	return sum
}

// Time on the processor, that of the collector included.
func now() int64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return used.Utime.Nano() + used.Stime.Nano()
}

func main() {
	passes, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	file, err := io.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	packets := index(file)

	var ethernet layers.Ethernet
	var tag layers.Dot1Q
	var ipv4 layers.IPv4
	var ipv6 layers.IPv6
	var udp layers.UDP
	var vxlan layers.VXLAN
	var tcp layers.TCP
	var payload gopacket.Payload
	parser := gopacket.NewDecodingLayerParser(layers.LayerTypeEthernet,
		&ethernet, &tag, &ipv4, &ipv6, &udp, &vxlan, &tcp, &payload)
	decoded := make([]gopacket.LayerType, 0, 10)

	var found, sum uint64
	var took []int64
	for i := 0; i < passes; i++ {
		start := now()
		found, sum = 0, 0
		for _, packet := range packets {
			_ = parser.DecodeLayers(packet, &decoded)
			for _, layer := range decoded {
				if layer == layers.LayerTypeTCP {
					found++
					sum += sumOf(&tcp)
				}
			}
		}
		took = append(took, now()-start)
	}
	fmt.Print("gopacket ", len(packets), " ", found, " ", sum)
	for _, ns := range took {
		fmt.Print(" ", ns)
	}
	fmt.Println()
}
