// bench/peers/track_gopacket.go - gopacket's package reassembly behind its
// DecodingLayerParser.  It speaks as harness.h does.
package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/reassembly"
)

type frame struct {
	bytes []byte
	info  gopacket.CaptureInfo
}

type context struct{ info gopacket.CaptureInfo }

func (c *context) GetCaptureInfo() gopacket.CaptureInfo { return c.info }

type counts struct{ connections, octets uint64 }

// The package forgets a connection at its second FIN, so the ACK of that, the
// last segment of an orderly close, comes here as the first of another one.
func (c *counts) New(_, _ gopacket.Flow, _ *layers.TCP,
	_ reassembly.AssemblerContext) reassembly.Stream {
	c.connections++
	return c
}

func (c *counts) Accept(*layers.TCP, gopacket.CaptureInfo,
	reassembly.TCPFlowDirection, reassembly.Sequence, *bool,
	reassembly.AssemblerContext) bool {
	return true
}

func (c *counts) ReassembledSG(sg reassembly.ScatterGather,
	_ reassembly.AssemblerContext) {
	length, _ := sg.Lengths()
	c.octets += uint64(length)
}

func (c *counts) ReassemblyComplete(reassembly.AssemblerContext) bool {
	return true
}

func index(file []byte) []frame {
	var frames []frame
	for at := 24; at+16 <= len(file); {
		size := int(binary.LittleEndian.Uint32(file[at+8:]))
		when := time.Unix(int64(binary.LittleEndian.Uint32(file[at:])),
			int64(binary.LittleEndian.Uint32(file[at+4:])))
		at += 16
		frames = append(frames, frame{file[at : at+size],
			gopacket.CaptureInfo{Timestamp: when, CaptureLength: size,
				Length: size}})
		at += size
	}
	return frames
}

// Time on the processor, that of the collector included.
func now() int64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return used.Utime.Nano() + used.Stime.Nano()
}

func pass(frames []frame, found *counts) {
	var ethernet layers.Ethernet
	var ip4 layers.IPv4
	var ip6 layers.IPv6
	var tcp layers.TCP
	var payload gopacket.Payload
	var decoded []gopacket.LayerType
	parser := gopacket.NewDecodingLayerParser(layers.LayerTypeEthernet,
		&ethernet, &ip4, &ip6, &tcp, &payload)
	assembler := reassembly.NewAssembler(reassembly.NewStreamPool(found))
	for i := range frames {
		_ = parser.DecodeLayers(frames[i].bytes, &decoded)
		flow := ip4.NetworkFlow()
		for _, layer := range decoded {
			switch layer {
			case layers.LayerTypeIPv6:
				flow = ip6.NetworkFlow()
			case layers.LayerTypeTCP:
				assembler.AssembleWithContext(flow, &tcp,
					&context{frames[i].info})
			}
		}
	}
	assembler.FlushAll()
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
	frames := index(file)
	found := &counts{}
	var took []int64
	for i := -1; i < passes; i++ {
		*found = counts{}
		start := now()
		pass(frames, found)
		if i >= 0 {
			took = append(took, now()-start)
		}
	}
	fmt.Print("track_gopacket ", len(frames), " ", found.connections, " ",
		found.octets)
	for _, ns := range took {
		fmt.Print(" ", ns)
	}
	fmt.Println()
}
