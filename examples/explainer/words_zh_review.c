/*
 * examples/explainer/words_zh_review.c - Chinese: the checklist, and questions
 * with their answers.
 */
#include "explainer/words_zh.h"

const char *const review_zh[REVIEW_COUNT] = {
  [REVIEW_TITLE] = "复习清单：TCP 连接 {1}，{2} → {3}",
  [REVIEW_HOW_TO_USE] = "遮住冒号后面的内容，先说出答案，再对照，然后打勾。",
  [REVIEW_CORE] = "核心字段",
  [REVIEW_STEP] = "**{1}. {2}**，{3}：{4}",
  [REVIEW_SEQ] = "序列号：{1}",
  [REVIEW_ACK] = "确认号：{1}",
  [REVIEW_NO_ACK] = "确认号：无，ACK 标志没有置位",
  [REVIEW_OPTIONS] = "选项：{1}",
  [REVIEW_WINDOW] = "窗口：{1}",
  [REVIEW_STATES] = "此后的状态：客户端 {1}，服务器 {2}",
  [REVIEW_QUESTIONS] = "复习题",
  [REVIEW_ANSWERS] = "答案",
};

const char *const questions_zh[QUESTION_COUNT] = {
  [QUESTION_WHY_PLUS_ONE] = "SYN+ACK 的确认号为什么是 {1}？",
  [QUESTION_WHY_THREE] = "为什么两次握手不够？",
  [QUESTION_SYN_WINDOW] =
    "SYN 中窗口是 {1}，wscale 是 {2}，窗口究竟有多少字节？",
  [QUESTION_ESTABLISHED] = "双方各在哪个报文段之后进入 ESTABLISHED？",
  [QUESTION_LOST_ACK] = "第三次握手的 ACK 丢了会怎样？",
  [QUESTION_CAPTURE_POINT] = "抓包是在哪里进行的？从哪里看出来？",
  [QUESTION_BYTES] = "{1}一共发送了多少字节数据？请用序列号计算。",
  [QUESTION_WHY_FOUR] = "建立连接要三次，断开为什么要四次？",
  [QUESTION_THREE_CLOSE] = "这次断开为什么只用了三个报文段？",
  [QUESTION_CROSSING] = "同时关闭要经过哪些状态？",
  [QUESTION_RESET] = "RST 和 FIN 有什么不同？",
  [QUESTION_TIME_WAIT] = "最后谁处于 TIME-WAIT？为什么？要等多久？",
  [QUESTION_REFUSED] = "用 RST 回应 SYN 说明什么？",
  [QUESTION_UNANSWERED] = "SYN 没有应答可能是什么原因？客户端接下来怎么做？",
};

const char *const answers_zh[QUESTION_COUNT] = {
  [QUESTION_WHY_PLUS_ONE] =
    "客户端的 ISN 是 {1}，SYN 占用一个序列号，所以服务器期待的下一个序列号是 {2}。",
  [QUESTION_WHY_THREE] =
    "双方的 ISN 都必须得到确认。如果只有两次，服务器不知道客户端是否收到了 SYN+ACK；而且"
    "一个迟到的旧 SYN 就会建立一条没有人要的连接（RFC 9293 3.5 节）。",
  [QUESTION_SYN_WINDOW] =
    "{1} 字节。SYN 和 SYN+ACK 里的窗口从不缩放，缩放因子 {2} 只作"
    "用于之后的报文段（RFC 7323 2.2 节）。",
  [QUESTION_ESTABLISHED] =
    "客户端收到 SYN+ACK 时，服务器收到对自己 SYN 的 ACK 时。所以客户端在第三次握手时就可"
    "以携带数据。",
  [QUESTION_LOST_ACK] =
    "服务器停留在 SYN-RECEIVED 并重传 SYN+ACK。客户端的第一个数据段同样确认了 SYN，也能"
    "弥补这次丢失。",
  [QUESTION_CAPTURE_POINT] =
    "比较握手的两半：到服务器的往返是 {1}，到客户端的往返是 {2}。",
  [QUESTION_BYTES] = "FIN {1} − ISN {2} − 1（SYN 占用）= {3}。",
  [QUESTION_WHY_FOUR] =
    "两个方向要分别关闭。收到 FIN 的一方立即确认，但要等自己的程序没有数据可发、也关闭连"
    "接时，才发送自己的 FIN。握手时的应答不需要等程序，所以 SYN 和 ACK 可以合并。",
  [QUESTION_THREE_CLOSE] =
    "后关闭的一方没有数据要发送了，所以 ACK 和 FIN 合并在一个报文段里。",
  [QUESTION_CROSSING] =
    "FIN-WAIT-1，收到对方的 FIN 后进入 CLOSING，自己的 FIN 得到确认后进入 TIME-WAIT；两"
    "端都是如此。",
  [QUESTION_RESET] =
    "FIN 表示一个方向没有数据了，在途的数据仍会送达，而且要得到确认。RST 立即终止两个方"
    "向，不需要确认，也没有 TIME-WAIT，数据可能丢失。",
  [QUESTION_TIME_WAIT] =
    "{1}，因为它先关闭，并发出最后一个 ACK：2 MSL（按 RFC 9293 是 4 分钟，Linux 是 60 "
    "秒）。如果这个 ACK 丢失，{2}会重传 FIN，必须有人应答；旧的报文段也不能混进使用相同"
    "地址和端口的新连接。",
  [QUESTION_REFUSED] =
    "主机可达，但端口没有程序监听（或者防火墙有意这样回应）。connect() 立即失败。",
  [QUESTION_UNANSWERED] =
    "主机关机，或者防火墙丢弃了 SYN 或应答。客户端先在约 1 秒之后重传 SYN，以后间隔越来"
    "越长；最终 connect() 超时（Linux 默认重传 6 次，约两分钟）。",
};

const char *const totals_zh[TOTAL_COUNT] = {
  [TOTAL_TITLE] = "抓包中的全部连接",
  [TOTAL_COUNTED] = "共 {1} 条连接；上面解释了前 {2} 条，其余只计数。",
  [TOTAL_OUTCOME] = "结局",
  [TOTAL_CONNECTIONS] = "连接数",
  [TOTAL_FIN] = "正常关闭（双方 FIN）",
  [TOTAL_RESET] = "被 RST 终止",
  [TOTAL_REFUSED] = "被拒绝（SYN 得到 RST）",
  [TOTAL_UNANSWERED] = "没有建立",
  [TOTAL_OPEN] = "抓包结束时仍打开或半关闭",
  [TOTAL_OTHER] = "没有跟踪到最后",
  [TOTAL_STRAGGLERS] = "有 {1} 个报文段在其连接结束之后才到。",
  [TOTAL_WITHOUT_FLOW] = "有 {1} 个报文段不属于任何连接（例如单独的 RST）。",
  [TOTAL_NOT_TCP] = "有 {1} 帧不是 TCP。",
  [TOTAL_DAMAGED] = "有 {1} 帧已损坏，或在 TCP 首部之前就被截断。",
  [TOTAL_FRAGMENTS] = "有 {1} 帧是 IP 分片，没有跟踪。",
};
