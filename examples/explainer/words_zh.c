/*
 * examples/explainer/words_zh.c - Chinese: names of things, and what sections
 * begin with.
 */
#include "explainer/words_zh.h"

#include "explainer/findings.h"
#include "explainer/network.h"

static const char *const ordinals[ORDINALS_MAX] = {
  "第一", "第二", "第三", "第四", "第五",
  "第六", "第七", "第八", "第九", "第十"};

static const char *const verdicts[TCPFLOW_VERDICT_COUNT] = {
  /* 0 */ "新数据",
  "纯 ACK",
  "前面有缺口",
  "重传",
  "不必要的重传（对方早已确认）",
  "快速重传",
  "超时重传",
  "尾部丢包探测（TLP）",
  /* 8 */ "乱序到达",
  "被重新排序",
  "重传了抓包中没有的数据",
  "一段中既有旧数据又有新数据",
  "同一帧被抓到两次",
  "证据不足",
  "新确认",
  "重复确认（dup ACK）",
  /* 16 */ "过时的确认",
  "确认了抓包中没有的数据",
  "部分确认",
  "含义不明的确认",
  "D-SACK（有数据重复到达）",
  "SACK 超出已发送的范围",
  "挑战 ACK",
  "窗口更新",
  /* 24 */ "零窗口",
  "填满了对方的窗口",
  "窗口缩小",
  "保活探测（keep-alive）",
  "保活应答",
  "零窗口探测",
  "零窗口探测的应答",
  "在窗口之前",
  /* 32 */ "超出窗口",
  "时间戳过旧（PAWS）",
  "已协商时间戳却没有携带",
  "SYN 重传",
  "SYN 的序列号与先前不同",
  "SYN+ACK 确认的是另一个 SYN",
  "已建立的连接中出现 SYN",
  "端口被重新使用",
  /* 40 */ "SYN 携带数据",
  "Fast Open 被接受",
  "Fast Open 数据未被接受",
  "RST",
  "RST 在窗口内但不在窗口起点：被忽略，对方回应挑战 ACK",
  "RST 在窗口之外：被忽略",
  "RST 回应的是另一个 SYN：被忽略",
  "先前的 RST 没有生效",
  /* 48 */ "FIN 的位置变了",
  "数据超出 FIN",
  "RST 之后的报文段",
  "连接结束后的报文段",
  "标志位组合不合理",
  "选项格式错误",
  "校验和错误",
  "数据没有抓全",
  /* 56 */ "紧急数据",
  "超过接收方的 MSS（网卡分段卸载）",
  "拥塞标记（CE）",
  "从连接中途开始跟踪",
  "证明了抓包中没有的事情",
  "说明多个 SYN 中哪一个有效",
  "说明先前把客户端和服务器弄反了",
};

static const char *const addresses[ADDRESS_COUNT] = {
  [ADDRESS_PUBLIC] = "公网地址",
  [ADDRESS_NAME] = "只知道主机名",
  [ADDRESS_PRIVATE] = "内网（私有）地址（{1}）",
  [ADDRESS_SHARED] = "运营商级 NAT 使用的共享地址（{1}）",
  [ADDRESS_LOOPBACK] = "环回地址，即本机",
  [ADDRESS_LINK_LOCAL] = "链路本地地址，只在同一链路内有效（{1}）",
  [ADDRESS_DOCUMENTATION] = "文档和实验专用地址（{1}）",
  [ADDRESS_BENCHMARK] = "性能测试专用地址（{1}）",
  [ADDRESS_MULTICAST] = "组播地址，TCP 不能使用",
  [ADDRESS_SPECIAL] = "特殊地址，主机不应使用",
};

static const char *const paths[PATH_COUNT] = {
  [PATH_ETHERNET] = "这就是普通以太网。",
  [PATH_BELOW] =
    "比以太网的 1500 少 {2} 字节，是路径上有隧道、VPN 或云上叠加网络"
    "（overlay）的特征；也可能是中间设备改小了 SYN 里的 MSS（MSS "
    "clamping）。",
  [PATH_PPPOE] = "比以太网的 1500 少 {2} 字节，正是 PPPoE（宽带拨号）的开销"
                 "（RFC 2516）。",
  [PATH_TUNNEL] = "比以太网的 1500 少 {2} 字节，是 IPv4 上 IP-in-IP（20）或 GRE"
                  "（24）隧道的开销。",
  [PATH_OVERLAY] = "比以太网的 1500 少 {2} 字节，是 IPv4 上 VXLAN 的开销"
                   "（RFC 7348），常见于云和容器网络。",
  [PATH_GCP] = "比以太网的 1500 少 {2} 字节，是 Google Cloud 网络的默认值。",
  [PATH_WIREGUARD] = "比以太网的 1500 少 {2} 字节，是 WireGuard 的默认值。",
  [PATH_MINIMUM6] = "1280 是 IPv6 允许的最小 MTU，隧道和保守的 VPN 常用它。",
  [PATH_DEFAULT4] = "576 是每台 IPv4 主机都必须能接收的大小，在没有更多信息时用"
                    "作默认值。",
  [PATH_SMALL] = "这个值小得少见。",
  [PATH_LOOPBACK] = "这是环回接口：两端在同一台主机上。",
  [PATH_JUMBO] = "这是巨型帧（jumbo frame），常见于数据中心内部。",
  [PATH_LARGE] = "大于以太网的 1500：巨型帧或虚拟网络。",
};

static const char *const roles[ROLE_COUNT] = {
  [ROLE_OTHER] = "这期间{1}发出的另一个报文段。",
  [ROLE_PICK_UP] = "抓包从这里开始，此时连接早已建立。",
  [ROLE_PROVES] = "{1}发出的这个报文段证明了抓包中没有的事情，见下面的状态。",
  [ROLE_SYN] = "{1}请求建立连接：通告自己的初始序列号（ISN），并提出各项选项。",
  [ROLE_SYN_AGAIN] =
    "{1}重传 SYN，因为没有收到应答：SYN 或应答丢失，或者{2}没有"
    "响应。",
  [ROLE_SYN_COPY] =
    "同一个报文段又出现一次，间隔太短，很可能是途中或抓包时被复制的，或是"
    "对复制品的应答："
    "TCP 要等约 1 秒才重传 SYN。",
  [ROLE_SYN_CROSSING] = "{2}的 SYN 还没到，{1}也发出了自己的 SYN：同时打开"
                        "（RFC 9293 图 7）。",
  [ROLE_SYN_ODD] =
    "与本连接不符的 SYN：序列号与先前不同，或确认的是另一个 SYN。",
  [ROLE_SYN_ACK] =
    "{1}同意建立连接：确认{2}的 SYN，并通告自己的初始序列号，即同"
    "步自己的序列号。",
  [ROLE_SYN_ACK_AGAIN] = "{1}重传 SYN+ACK，因为还没有收到对它的确认。",
  [ROLE_SYN_ACK_CROSSING] =
    "{1}收到了{2}的 SYN：予以确认，并同时重复自己的 SYN。",
  [ROLE_ACK_OF_SYN] = "{1}确认收到{2}的 SYN。至此握手完成。",
  [ROLE_DATA_OF_SYN] =
    "{1}发送数据，其中的确认号同时确认了{2}的 SYN，作用与单独"
    "的 ACK 相同。",
  [ROLE_FIN] =
    "{1}主动关闭连接：通知对方自己没有数据要发送了，但仍然可以接收。",
  [ROLE_FIN_SECOND] = "{1}也没有数据要发送了，关闭自己这个方向。",
  [ROLE_FIN_ACK] = "{1}在同一个报文段里确认{2}的 FIN，并关闭自己这个方向。",
  [ROLE_FIN_CROSSING] =
    "{2}的 FIN 还没到，{1}也发出了自己的 FIN：两个 FIN 在途中"
    "交错。",
  [ROLE_FIN_AGAIN] = "{1}重传 FIN，因为没有收到对它的确认。",
  [ROLE_ACK_OF_FIN] = "{1}确认收到{2}的 FIN：{2} → {1} 这个方向已经关闭。",
  [ROLE_LAST_ACK] = "{1}确认收到{2}的 FIN。至此两个方向都已关闭。",
  [ROLE_ACK_AGAIN] = "{1}再次确认{2}的 FIN。",
  [ROLE_RST_REFUSES] =
    "{1}拒绝连接：这个端口没有程序监听，或者防火墙以{1}的名义"
    "拒绝。",
  [ROLE_RST_ABORTS] = "{1}中止连接。",
  [ROLE_RST_CLOSES] = "{1}在关闭过程中复位了连接。",
  [ROLE_RST_IGNORED] =
    "{2}会忽略这个 RST，因为它的序列号不是{2}期待的下一个序列号"
    "（RFC 9293 3.10.7.4 节、RFC 5961）。",
};

static const char *const capture_points[CAPTURE_COUNT] = {
  [CAPTURE_UNKNOWN] = "",
  [CAPTURE_NEAR_SERVER] =
    "在服务器（或代它应答的设备）上，或离它很近的地方：服务器一侧的时间不超过整"
    "个往返时间的十分之一。",
  [CAPTURE_NEAR_CLIENT] =
    "在客户端（或代它收发的设备）上，或离它很近的地方：客户端一侧的时间不超过整"
    "个往返时间的十分之一。",
  [CAPTURE_BETWEEN] = "在两端之间的某处：往返时间的两半都不可忽略。",
  [CAPTURE_SHORT] =
    "两端离得很近（同一主机、同一机架或同一网络），从时间上看不出抓"
    "包位置。",
};

static const struct titled openings[OPENING_COUNT] = {
  [OPENING_THREE_WAY] =
    {"TCP 三次握手", "三个报文段建立连接：双方各自通告初始序列号，并得到对方的"
                     "确认（RFC 9293 3.5 节）。"},
  [OPENING_WITH_REPEATS] =
    {"三次握手（有重传）",
     "连接建立成功，但不是标准的三个报文段：有报文段被重传，"
     "或以别的形式到达。"},
  [OPENING_SIMULTANEOUS] =
    {"同时打开", "双方在得知对方的 SYN 之前都发出了 SYN。TCP 允许这样"
                 "做，结果仍是一条连接（RFC 9293 3.5 节，图 7）。"},
  [OPENING_FAST] = {"SYN 携带数据的握手（TCP Fast Open）",
                    "SYN 带来了数据，服务器也接受了：第一个请求不必多等一个往返"
                    "（RFC 7413）。"},
  [OPENING_INCOMPLETE] =
    {"三次握手（没有抓全）",
     "抓包中有 SYN，却没有对它的应答；后面的报文段证明应答确"
     "实存在。"},
  [OPENING_NO_SYN] =
    {"三次握手（没有抓到 SYN）",
     "抓包从 SYN+ACK 开始。SYN 里说了什么，只能从应答中得知一部"
     "分。"},
  [OPENING_MID_STREAM] =
    {"抓包中没有握手",
     "抓包开始时连接早已建立，所以初始序列号、窗口缩放因子和选"
     "项都不得而知，这里也不作假设。"},
  [OPENING_REFUSED] =
    {"连接被拒绝", "SYN 得到的应答是 RST：连接从未建立（RFC 9293 3.5.2 节）。"},
  [OPENING_UNANSWERED] = {"SYN 没有得到应答",
                          "抓包中没有应答这个 SYN 的 TCP 报文段。"},
  [OPENING_HALF] = {"半连接：握手没有完成",
                    "服务器应答了 SYN，但缺少第三个报文段。"},
  [OPENING_ABORTED] = {"握手被中止", "连接建立之前就被 RST 终止。"},
};

static const struct titled closings[CLOSING_COUNT] = {
  [CLOSING_NONE] = {"断开连接", "抓包中没有断开过程。"},
  [CLOSING_FOUR] =
    {"TCP 四次挥手（断开连接）",
     "两个方向分别关闭：先是一个方向的 FIN 和 ACK，再是另一个方向的 "
     "FIN 和 ACK（RFC 9293 3.6 节，图 12）。"},
  [CLOSING_THREE] =
    {"TCP 三次挥手（断开连接）",
     "后关闭的一方把 ACK 和 FIN 合并在一个报文段里，所以四次变成三"
     "次：FIN、FIN+ACK、ACK。"},
  [CLOSING_SIMULTANEOUS] =
    {"同时关闭", "双方在收到对方的 FIN 之前都发出了 FIN，两端都经过 "
                 "CLOSING 进入 TIME-WAIT（RFC 9293 3.6 节，图 13）。"},
  [CLOSING_OTHER] = {"断开连接", "两个 FIN 都已发送并得到确认。"},
  [CLOSING_HALF] = {"半关闭", "一方发送了 FIN，抓包中没有另一方的 FIN。"},
  [CLOSING_UNFINISHED] = {"断开连接（抓包中没有完成）",
                          "两个 FIN 都在，但对它们的 ACK 不全。"},
  [CLOSING_RESET] = {"连接被 RST 中止",
                     "没有 FIN：一个 RST 立即终止了已建立的连接。"},
  [CLOSING_FIN_RESET] = {"关闭过程被 RST 打断",
                         "关闭从 FIN 开始，却被 RST 打断。"},
};

const struct language language_zh = {
  .code = "zh",
  .between_sentences = "",
  .between_items = "、",
  .full_stop = "。",
  .markdown_field = "- **{1}**：{2}",
  .ordinals = ordinals,
  .verdicts = verdicts,
  .addresses = addresses,
  .paths = paths,
  .roles = roles,
  .capture_points = capture_points,
  .openings = openings,
  .closings = closings,
  .names = names_zh,
  .overview = overview_zh,
  .steps = steps_zh,
  .results = results_zh,
  .middle = middle_zh,
  .ending = ending_zh,
  .tuning = tuning_zh,
  .review = review_zh,
  .totals = totals_zh,
  .questions = questions_zh,
  .answers = answers_zh,
};
