/*
 * examples/explainer/words_zh_story.c - Chinese: what was agreed upon, what lay
 * between, how it ended, what to tune.
 */
#include "explainer/words_zh.h"

const char *const results_zh[RESULT_COUNT] = {
  [RESULT_TITLE] = "握手的结果",
  [RESULT_RTT] =
    "{1}：从 SYN 到 SYN+ACK 是 {2}（抓包位置到服务器的往返），再到 ACK 是 "
    "{3}（抓包位置到客户端的往返）。",
  [RESULT_RTT_UNKNOWN] = "未知：握手中有报文段被重传、缺失或没有时间。",
  [RESULT_NUMBERS] =
    "客户端 ISN {1}，服务器 ISN {2}。客户端的数据从 {3} 开始，服务器的数据从 {4} 开始；"
    "tcpdump 不加 -S 时都显示为 1。",
  [RESULT_MSS] = "发往客户端的报文段最多携带 {1}数据，发往服务器的最多 {2}。",
  [RESULT_MSS_WITH_TIMESTAMPS] =
    "发往客户端的报文段最多携带 {1}数据，发往服务器的最多 {2}：即接收方通告的 MSS 减去"
    "时间戳选项的 12 字节（RFC 6691）。",
  [RESULT_SCALING] = "协商成功。客户端的窗口 ×{1}，服务器的窗口 ×{2}。",
  [RESULT_NO_SCALING] =
    "没有协商成功（没有双方都带此选项），窗口都不超过 65,535 字节。",
  [RESULT_SACK] = "协商成功：丢包之后只需重传缺少的部分。",
  [RESULT_NO_SACK] = "没有协商成功。",
  [RESULT_TIMESTAMPS] =
    "协商成功：每个 ACK 都可以用来测量往返时间，并能识别过旧的报文段（PAWS）。此后除 "
    "RST 外每个报文段都必须携带时间戳（RFC 7323 3.2 节）。",
  [RESULT_NO_TIMESTAMPS] = "没有协商成功。",
  [RESULT_CLOCKS] =
    "两端的时间戳时钟只相差 {1}。两台各有时钟的主机很少这样接近：可能是同一个时钟（同一"
    "台主机、容器），也可能是这些行被编辑过。",
};

const char *const middle_zh[MIDDLE_COUNT] = {
  [MIDDLE_TITLE] = "握手与挥手之间的数据",
  [MIDDLE_DIRECTION] = "方向",
  [MIDDLE_SEGMENTS] = "报文段总数",
  [MIDDLE_BYTES] = "数据字节",
  [MIDDLE_RETRANSMISSIONS] = "重传",
  [MIDDLE_MISSING] = "缺失字节",
  [MIDDLE_SILENCE] =
    "抓包在握手之后停在 {1}，到 {2} 才从挥手继续，相隔 {3}。这期间交换的数据不在抓包中；"
    "但从序列号仍能算出数据量，状态也能接得上。",
  [MIDDLE_SILENCE_NO_TIME] =
    "抓包在握手之后就停了，直到挥手才继续。这期间交换的数据不在抓包中；但从序列号仍能算"
    "出数据量，状态也能接得上。",
  [MIDDLE_GAP_ACKED] =
    "{1}发送的 {2}不在抓包中，但{3}已经确认，所以并没有在网络中丢失。",
  [MIDDLE_GAP_CUT] =
    "{1}发送的 {2}出现在网络上，但抓包只保留了包的开头部分（snaplen）。",
  [MIDDLE_GAP_LIMIT] = "{1}发送的 {2}没有等到，因为它后面需要暂存的数据太多。",
  [MIDDLE_GAP_TIMEOUT] = "{1}发送的 {2}没有按时到达。",
  [MIDDLE_GAP_CLOSED] = "连接结束时，{1}发送的 {2}仍然缺失。",
  [MIDDLE_GAP_FLUSHED] = "抓包结束时，{1}发送的 {2}仍然缺失。",
  [MIDDLE_ARITHMETIC] =
    "{1}：FIN 的序列号 {2} − 第一个数据字节 {3} = 一共发送 {4} 字节。",
  [MIDDLE_COUNTS] = "值得注意：{1}。",
  [MIDDLE_TIMESTAMP_MISSING] =
    "有 {1}没有时间戳，尽管时间戳已经协商成功。RFC 7323 3.2 节要求除 RST 外都"
    "要携带，并允许接收方丢弃不带的报文段，所以真实的抓包几乎不会这样；被删减过或手写的"
    "行才会。",
  [MIDDLE_EVENT] = "{1}，{2}，{3}，序列号 {4}，{5}：{6}",
  [MIDDLE_EVENT_NO_DATA] = "{1}，{2}，{3}：{6}",
  [MIDDLE_MORE_EVENTS] = "另有 {1} 个",
  [MIDDLE_ONE_SIDED] =
    "抓包中只有{1}发送的报文段；{2}做了什么是由此推断的。{2}的 FIN 看上去就像它"
    "的一个数据字节。",
};

const char *const ending_zh[ENDING_COUNT] = {
  [ENDING_TITLE] = "连接如何结束",
  [ENDING_FIN] = "正常关闭：两个 FIN 都已发送并得到确认。",
  [ENDING_RESET] =
    "被中止：{1}发送了 RST。两端的连接立即消失，没有 TIME-WAIT，尚未读取"
    "的数据可能丢失。",
  [ENDING_FIN_RESET] =
    "关闭时被复位：{1}发送了 RST。数据到达已经关闭的套接字，或者关闭时还有未读数据，都"
    "会这样。",
  [ENDING_REFUSED] =
    "被拒绝：{1}用 RST 回应了 SYN。这个端口没有程序监听，或者防火墙拒绝连接；客户端的 "
    "connect() 返回“连接被拒绝”（ECONNREFUSED）。",
  [ENDING_UNANSWERED] =
    "没有应答：主机关机或不可达，防火墙悄悄丢弃了报文，或者应答走了抓包看不到的路径。"
    "ICMP 消息可能说明原因，但这里只看 TCP。",
  [ENDING_HALF_OPEN] =
    "半连接：抓包中 SYN+ACK 始终没有得到确认。SYN 扫描或 SYN 洪泛攻击就是这个样子。客户端"
    "处于 ESTABLISHED 是假定 SYN+ACK 已经送达。",
  [ENDING_ABORTED_OPENING] =
    "连接建立之前，{1}发送了 RST：放弃连接，或者只是在探测"
    "（SYN 扫描就是这样）。",
  [ENDING_TIMEOUT] = "太久没有报文，程序停止了跟踪。",
  [ENDING_REUSED] = "相同的地址和端口开始了新的连接。",
  [ENDING_EVICTED] = "因为空间不足，程序不得不停止跟踪。",
  [ENDING_LAST_ACK_MISSING] = "抓包结束时，两个 FIN 还没有都得到确认。",
  [ENDING_HALF_CLOSED] = "抓包结束时，一个方向已经关闭，另一个方向仍然打开。",
  [ENDING_OPEN] = "抓包结束时连接仍然打开。",
  [ENDING_FIRST] = "{1}先发送 FIN。",
  [ENDING_FIRST_CROSSING] =
    "双方同时：抓包中{1}的 FIN 在前，但{2}发出自己的 FIN 时还没有收到它。",
  [ENDING_HALF_CLOSE] =
    "抓包中{1}的 FIN 在{4}的 FIN 之后 {2}，大致是{1}的程序随后关闭连接所花的时间，加上抓包"
    "位置到{1}的往返时间。",
  [ENDING_HALF_CLOSE_DATA] =
    "{1}的 FIN 在{4}的 FIN 之后 {2}。这期间连接处于半关闭，{1}又发送了 {3}。",
  [ENDING_TIME_WAIT] =
    "{1}先关闭，所以由它等待：2 MSL，按 RFC 9293 的 MSL = 2 分钟就是 4 分钟，Linux 一共"
    "等待 60 秒。原因有二：它发出的最后一个 ACK 可能丢失，对方会重传 FIN，需要有人应答；"
    "在相同的地址和端口再次使用之前，网络中残留的旧报文段必须先消失。",
  [ENDING_TIME_WAIT_BOTH] =
    "双方同时关闭，所以都要等待：2 MSL，按 RFC 9293 的 MSL = 2 分钟就是 4 分钟，Linux "
    "一共等待 60 秒。",
  [ENDING_TIME_WAIT_CLIENT] = "在此之前，客户端一般不能再用端口 {1} 连接 {2}。",
  [ENDING_TIME_WAIT_SERVER] =
    "在服务器上，每条这样的连接都会占用一点内存；如果让客户端先关闭，等待的就是客户端。",
  [ENDING_STATES] = "客户端 {1}，服务器 {2}",
};

const char *const tuning_zh[TUNING_COUNT] = {
  [TUNING_TITLE] = "从 SYN 看优化点",
  [TUNING_FINE] = "正常：{1}",
  [TUNING_LOOK] = "值得检查：{1}",
  [TUNING_OPTIONAL] = "可选：{1}",
  [TUNING_SYN_REPEATED] =
    "SYN 一共发送了 {1} 次，首尾相隔 {2}：要么有丢包，要么服务器的连接队列已满（Linux 上"
    "看 net.core.somaxconn、listen() 的 backlog 和 nstat 的 ListenOverflows）。第一次重传"
    "约在 1 秒之后，以后间隔越来越长（RFC 6298）。",
  [TUNING_SYN_ACK_REPEATED] =
    "SYN+ACK 一共发送了 {1} 次：它或对它的 ACK 丢失，或者客户端并不想建立连接。",
  [TUNING_MSS_NONE] =
    "{1}没有通告 MSS，只能按 {2} 字节处理（RFC 9293 3.7.1 节）：包小，"
    "开销大。",
  [TUNING_MSS_SMALL] =
    "{1}通告的 MSS 是 {2}（IP 包 {3} 字节，比以太网少 {4}）。如果隧道需要这些空间，这就"
    "是对的。应放行 ICMP 的“包太大”消息，或启用路径 MTU 探测，以免大包无声丢失"
    "（RFC 1191、RFC 8201、RFC 4821）。",
  [TUNING_MSS_FINE] = "{1}通告的 MSS 是 {2}（IP 包 {3} 字节）。",
  [TUNING_SCALING_NONE] =
    "没有窗口缩放（RFC 7323）：在途数据最多 65,535 字节。",
  [TUNING_SCALING_ZERO] =
    "{1}的缩放因子是 0，窗口不会超过 65,535 字节（RFC 7323）。",
  [TUNING_SCALING_FINE] = "{1}的窗口左移 {2} 位，最大可达 {3}（RFC 7323）。",
  [TUNING_LIMIT] = "按本次握手 {2} 的往返时间，{3}的发送速率上限是 {1}。",
  [TUNING_EITHER_SIDE] = "发送方",
  [TUNING_LIMIT_UNKNOWN] = "每个往返时间最多传输这么多数据。",
  [TUNING_SACK_FINE] = "双方都允许 SACK（RFC 2018）。",
  [TUNING_SACK_NONE] =
    "没有协商 SACK（RFC 2018）：一个窗口内丢失多个报文段时恢复很慢。"
    "有些中间设备会删掉这个选项。",
  [TUNING_TIMESTAMPS_FINE] =
    "双方都有时间戳（RFC 7323）：每段多用 12 字节，换来更准的"
    "往返时间和 PAWS 保护。",
  [TUNING_TIMESTAMPS_NONE] =
    "没有协商时间戳（RFC 7323）：每段节省 12 字节，但没有 PAWS 保护；几分钟内就能传输 "
    "4 GiB 的连接才需要担心。",
  [TUNING_INITIAL_FINE] =
    "{1}最初的窗口 {2}，容得下 10 个报文段的初始窗口（{3}，RFC 6928），不会拖慢{4}的第一"
    "批数据。",
  [TUNING_INITIAL_SMALL] =
    "{1}最初的窗口 {2}，小于 10 个报文段的初始窗口（{3}，RFC 6928），{4}的第一批数据会提"
    "前停下。",
  [TUNING_ECN_NONE] =
    "客户端没有提议 ECN（RFC 3168）：路由器只能靠丢包来表示拥塞。",
  [TUNING_ECN_REFUSED] = "客户端提议了 ECN（RFC 3168），服务器没有接受。",
  [TUNING_ECN_FINE] = "ECN 已协商成功（RFC 3168、RFC 9768）。",
  [TUNING_FAST_OPEN] =
    "TCP Fast Open（RFC 7413）可以让每条新连接省去一个往返；大量短连接又不能保持复用时"
    "才值得启用。",
  [TUNING_FAST_OPEN_RTT] =
    "每条新连接要等一个往返（这里是 {1}）才能传输数据。保持连接并复用可以避免；大量短连"
    "接还可以用 TCP Fast Open（RFC 7413）。",
  [TUNING_FAST_OPEN_ASKED] =
    "客户端请求 TCP Fast Open cookie（RFC 7413），下一次就可以在 SYN 中携带数据。",
  [TUNING_FAST_OPEN_USED] = "SYN 携带数据，已使用 TCP Fast Open（RFC 7413）。",
};
