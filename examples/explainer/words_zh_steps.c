/*
 * examples/explainer/words_zh_steps.c - Chinese: labels, a connection in short,
 * and its steps.
 */
#include "explainer/words_zh.h"

const char *const names_zh[NAME_COUNT] = {
  [NAME_ACK] = "确认号",
  [NAME_ADDRESS] = "地址",
  [NAME_BYTE] = "{1} 字节",
  [NAME_BYTES] = "{1} 字节",
  [NAME_BYTES_SENT] = "按序列号计算的数据量",
  [NAME_CAPTURE_POINT] = "抓包位置",
  [NAME_CLIENT] = "客户端",
  [NAME_CLIENT_LABEL] = "客户端",
  [NAME_CLOCKS] = "时钟",
  [NAME_CLOSING] = "挥手",
  [NAME_DATA] = "数据",
  [NAME_DATA_LABEL] = "数据量",
  [NAME_FIELD] = "字段",
  [NAME_FIN_NUMBER] = "FIN 的序列号",
  [NAME_FIRST] = "主动关闭方",
  [NAME_FIRST_BYTE] = "第一个数据字节的序列号",
  [NAME_FLAGS] = "TCP 标志",
  [NAME_FRAME] = "第 {1} 帧",
  [NAME_HALF_CLOSE] = "半关闭",
  [NAME_IN_BRACKETS] = "{1}（{2}）",
  [NAME_ISN] = "初始序列号（ISN）",
  [NAME_LAST_STATE] = "最终状态",
  [NAME_LENGTH] = "数据长度",
  [NAME_LINE] = "第 {1} 行",
  [NAME_MEANING] = "含义",
  [NAME_MINUTES] = "{1} 分 {2} 秒",
  [NAME_MSS] = "通告的 MSS",
  [NAME_NO] = "否",
  [NAME_NO_FLAGS] = "无",
  [NAME_NUMBERS] = "序列号",
  [NAME_OPENING] = "握手",
  [NAME_OPTIONS] = "TCP 选项",
  [NAME_PATH] = "路径",
  [NAME_PORT] = "端口",
  [NAME_REMARKS] = "注意",
  [NAME_RESULT_LABEL] = "结果",
  [NAME_RTT] = "往返时间",
  [NAME_SACK] = "允许 SACK",
  [NAME_SCALING] = "窗口缩放",
  [NAME_SEGMENT] = "{1} 个报文段",
  [NAME_SEGMENTS] = "{1} 个报文段",
  [NAME_SEQ] = "序列号",
  [NAME_SERVER] = "服务器",
  [NAME_SERVER_LABEL] = "服务器",
  [NAME_SIDES] = "角色",
  [NAME_STATE_OF] = "{1}状态",
  [NAME_STATES] = "最终状态",
  [NAME_SYN_WINDOW] = "SYN 中的窗口（不缩放）",
  [NAME_TIME] = "时间",
  [NAME_TIMESTAMPS] = "时间戳",
  [NAME_TOKEN_OF_SIDE] = "{1} {2}",
  [NAME_TSVAL] = "SYN 中的 TSval",
  [NAME_WINDOW] = "窗口大小",
  [NAME_YES] = "是",
};

const char *const overview_zh[OVERVIEW_COUNT] = {
  [OVERVIEW_TITLE] = "TCP 连接 {1}：{2} → {3}",
  [OVERVIEW_SIDE] = "{1}，{2}；{3}。",
  [OVERVIEW_PORT_DYNAMIC] = "端口 {1} 属于动态端口范围 49152–65535（RFC 6335）",
  [OVERVIEW_PORT_LINUX] = "端口 {1} 像是临时端口：Linux 从 32768–60999 中选取",
  [OVERVIEW_PORT_CLIENT] = "端口 {1}",
  [OVERVIEW_PORT_SERVER] = "端口 {1}",
  [OVERVIEW_PORT_SERVICE] = "端口 {1} 通常是 {2}",
  [OVERVIEW_PORT_SERVER_SPEAKS] =
    "端口 {1} 通常是 {2}，TCP 握手之后由服务器先发送数据",
  [OVERVIEW_PORT_CLIENT_SPEAKS] = "端口 {1} 通常是 {2}，由客户端先发送数据",
  [OVERVIEW_PATH_LOOPBACK] = "两端在同一台主机上。",
  [OVERVIEW_PATH_NAT_SERVER] =
    "公网上的客户端通常无法直接访问内网地址，所以服务器前面很可能有设备转换了目的地址"
    "（NAT、负载均衡或云上的公网 IP），而抓包位置在它之后；客户端自己的地址被保留了下"
    "来。",
  [OVERVIEW_PATH_NAT_CLIENT] =
    "内网客户端要访问公网服务器，必须经过它那一侧的 NAT 或代理。抓包位置在 NAT 之前，"
    "服务器看到的会是另一个地址。",
  [OVERVIEW_PATH_PRIVATE] =
    "两个地址都是内网地址：同一站点、同一云上网络，或者 "
    "VPN。",
  [OVERVIEW_PATH_PUBLIC] = "两个地址都是公网地址，看不出中间有地址转换。",
  [OVERVIEW_SIDES_GUESSED] =
    "抓包中没有 SYN，谁是客户端是根据端口和谁先发送推测的。",
  [OVERVIEW_NO_OPENING] = "不在抓包中",
  [OVERVIEW_NO_TIMES] = "这些行没有时间，所以不谈往返时间和时长。",
  [OVERVIEW_TIME_POINT] = "{1}{2}。",
  [OVERVIEW_TIMES] = "{1}{2} 至 {3}，共 {4}。",
  [OVERVIEW_DATA_OF_SIDE] = "{1}发送 {2}（{3}）。",
  [OVERVIEW_DATA_MISSING] = "{1}发送 {2}（{3}），另有 {4}不在抓包中。",
};

const char *const steps_zh[STEP_COUNT] = {
  [STEP_HEADING] = "第 {3} 步：{2}",
  [STEP_HEADING_OPENING] = "{1}次握手（{2}）",
  [STEP_HEADING_CLOSING] = "{1}次挥手（{2}）",
  [STEP_DIRECTION] = "{1}（{2}）",
  [STEP_LEFT_OUT] = "建立和关闭过程中另有 {1} 个报文段没有列出。",
  [STEP_TIME_SINCE] = "{1}，在上一步之后 {2}。",
  [STEP_SYN_FOR_SERVICE] = "接下来很可能是 {1} 通信。",
  [STEP_RELATIVE] = "（相对序列号 {1}）",

  [STEP_SEQ_OF_SYN] =
    "这是{1}的 ISN。SYN 本身占用一个序列号，所以第一个数据字节的"
    "序列号是 {2}。",
  [STEP_SEQ_OF_FIN] =
    "FIN 排在最后一个数据字节之后，占用一个序列号；由此可知{1}一共"
    "发送了 {2}数据。",
  [STEP_SEQ_OF_FIN_UNKNOWN] = "FIN 排在最后一个数据字节之后，占用一个序列号。",
  [STEP_SEQ_OF_RST] =
    "RST 的序列号必须正好是对方期待的下一个；如果 RST 回应的是不带 "
    "ACK 的报文段，则为 0。",
  [STEP_SEQ_OF_DATA] = "这是本段第一个数据字节的序列号。",
  [STEP_SEQ_OF_ACK] = "这是下一个要使用的序列号；不带数据的 ACK 不占用序列号。",
  [STEP_SEQ_NOT_PRINTED] =
    "这一行没有给出：不占用序列号的报文段，tcpdump 不打印 "
    "seq。",

  [STEP_ACK_NONE] = "无：ACK 标志没有置位，这个字段没有意义。",
  [STEP_ACK_OF_SYN] = "等于{1}的 ISN {2} + 1，确认了对方的 SYN。",
  [STEP_ACK_OF_SYN_DATA] = "确认了{1}的 SYN，以及随它而来的 {2}数据。",
  [STEP_ACK_OF_SYN_ONLY] =
    "等于{1}的 ISN {2} + 1，说明还没有收到对方的任何数据。",
  [STEP_ACK_OF_FIN] =
    "等于{1} FIN 的序列号 {2} + 1，确认了 FIN 和它之前的全部数据。",
  [STEP_ACK_OF_DATA] = "确认了{1}的前 {2}数据，也表示期待的下一个字节。",
  [STEP_ACK_NEXT] = "期待{1}发送的下一个字节；在它之前的都已收到。",

  [STEP_WINDOW_OF_SYN] =
    "{1}，就是字面值：SYN 里的窗口从不缩放（RFC 7323 2.2 节）。",
  [STEP_WINDOW_OTHER_READING] =
    "有的资料说它“实际大小”是 {1}×{2} = {3}。这是常见的误解：本报文段里的缩放因子 {4} "
    "只是一个提议，只作用于之后的报文段，而且要对方的 SYN 也带有这个选项才生效。",
  [STEP_WINDOW_OTHER_READING_TOO] = "在这里把它读作 {1}×{2} = {3}同样是误解。",
  [STEP_WINDOW_SCALED] =
    "{1}×{2} = {3}。双方的 SYN 都带有窗口缩放选项，所以从现在起{4}的窗口都要左移自己"
    "通告的 {5} 位（RFC 7323 2.2 节）。",
  [STEP_WINDOW_SCALED_TOO] = "{1}×{2} = {3}。",
  [STEP_WINDOW_UNCHANGED] =
    "字段里的数字与 SYN 中的 {1} 相同，但现在的单位是 {2} 字节：如果窗口本身仍是 {1} "
    "字节，字段里应当是 {3} 左右。",
  [STEP_WINDOW_UNSCALED] =
    "{1}：没有双方都带窗口缩放选项，所以本连接的窗口都不缩放。",
  [STEP_WINDOW_UNKNOWN] =
    "字段值是 {1}。两个 SYN 没有都抓到，不知道应当乘以多少。",
  [STEP_WINDOW_CLOSED] = "0：发送本段的一方现在不能接收数据。",

  [STEP_OPTIONS_LENGTH] = "{1} 字节，依次为：",
  [STEP_OPTIONS_ORDER] = "依次为：",
  [STEP_NO_OPTIONS] = "无。",
  [STEP_NO_OPTIONS_IN_SYN] = "无：没有 MSS、窗口缩放、SACK 和时间戳。",
  [STEP_MSS] =
    "发送方愿意接收的最大报文段：{1} + {3} 和 TCP 首部 {2} 字节 = {4} 字节"
    "的 IP 包（MTU）。",
  [STEP_WSCALE] = "{3}之后的窗口都要乘以 {1}，最大可达 {2}。",
  [STEP_WSCALE_OFFERED] = "这是提议，对方的 SYN 也带有这个选项才生效。",
  [STEP_WSCALE_AGREED] = "对方的 SYN 也有，协商成功；双方各用各的缩放因子。",
  [STEP_WSCALE_ALONE] = "对方的 SYN 没有，所以不生效。",
  [STEP_WSCALE_TOO_LARGE] = "大于 14 的缩放因子按 14 计算（RFC 7323 2.3 节）。",
  [STEP_SACK_OFFERED] =
    "表示自己支持选择确认，可以告诉对方丢包之后还收到了哪些数据"
    "（RFC 2018）。",
  [STEP_SACK_AGREED] = "双方都支持选择确认（RFC 2018）。",
  [STEP_SACK_ALONE] = "对方的 SYN 没有提出，这样的应答不生效。",
  [STEP_SACK_BLOCKS] =
    "缺口之后收到的数据，相对序列号：{1}（右端是块后的第一个序列号）。",
  [STEP_TSVAL] = "TSval {1} 取自{2}自己的时间戳时钟。",
  [STEP_TSVAL_TICKS] = "与 {3} 之前的 {2} 相比变化了 {1}。",
  [STEP_TSECR_NOTHING] = "TSecr 还没有可以回显的值。",
  [STEP_TSECR_OF] =
    "TSecr {1} 回显{2}在 {3} 中的 TSval，{2}由此可以测量往返时间"
    "（RFC 7323 第 4 节）。",
  [STEP_TSECR_EARLIER] = "TSecr {1} 回显{2}的某个 TSval。",
  [STEP_NOP] = "填充字节，用于对齐后面的选项。",
  [STEP_EOL] = "选项列表结束。",
  [STEP_TFO_REQUEST] = "请求 Fast Open cookie（RFC 7413）。",
  [STEP_TFO_COOKIE] = "Fast Open cookie，{1}（RFC 7413）。",
  [STEP_MPTCP] = "多路径 TCP（RFC 8684）。",
  [STEP_MD5] = "报文段的签名，用于 BGP（RFC 2385）。",
  [STEP_OTHER_OPTION] = "类型为 {1} 的选项，{2}。",
  [STEP_BROKEN_OPTION] = "格式错误或没有抓全，不生效。",

  [STEP_NO_DATA] = "0，没有数据。",
  [STEP_HAS_DATA] = "{1}。",
  [STEP_SYN_DATA] = "{1}，放在 SYN 里（TCP Fast Open，RFC 7413）。",
  [STEP_TTL] = "{1}：初始值很可能是 {2}，已经过 {3} 个路由器。",
  [STEP_TTL_FRESH] = "{1}：很可能还没有经过任何路由器。",
  [STEP_TTL_OTHER] =
    "{1}，而{3}的第一个报文段是 {2}：要么走了另一条路径，要么是别的设"
    "备（例如防火墙）发出的。",
  [STEP_ECN_OFFERED] = "SYN 中 ECE 和 CWR 同时置位，表示提议使用显式拥塞通知"
                       "（RFC 3168 6.1.1 节）。",
  [STEP_ECN_ACCURATE] =
    "SYN 中 AE、CWR、ECE 同时置位，表示提议使用精确 ECN 反馈"
    "（RFC 9768）。",
  [STEP_ECN_AGREED] = "SYN+ACK 中 ECE 置位，表示同意使用显式拥塞通知（RFC 3168 "
                      "6.1.1 节）。",

  [STEP_STATE_MOVE] = "{1} → {2}（{3}）",
  [STEP_STATE_INFERRED] =
    "{1} → {2}（{3}）；推断：引起它的报文段不在抓包中，由本段"
    "证明",
  [STEP_STATE_LISTEN] =
    "LISTEN（假定：被动打开不发送任何报文）。SYN 正在途中。",
  [STEP_STATE_LISTEN_FOR_NOW] =
    "LISTEN（暂且假定）；它自己的 SYN 会表明它也是主动打开。",
  [STEP_STATE_FIN_COMES] =
    "仍是 {1}：FIN 正在途中。收到 FIN 后进入 {2}，对它的 ACK 会证明这一点。",
  [STEP_STATE_SAME] = "保持 {1}",
  [STEP_STATE_UNSEEN] = "未知",
};
