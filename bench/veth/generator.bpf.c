/* Makes the frames of the bench. It runs by the kernel's own test run of XDP programs with live frames, which hands
 * each frame that it redirects to a device: no packet buffer, no system call, some ten million frames a second.
 *
 * Flow f is UDP from subscriber f / flows_per_subscriber to port 80 of 203.0.113.9. Subscribers are 100.64.1.0 and
 * following, or hosts 192.168.1.2 behind the B4s 2001:db8:100:N00::1.
 */
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "generator.h"

#define REMOTE 0xcb007109u
#define FIRST_SUBSCRIBER 0x64400100u
#define BEHIND_B4 0xc0a80102u

struct plan plan SEC(".data");

static __always_inline __u16 ipv4_checksum(const __u16 *header)
{
    __u32 sum = 0;

#pragma unroll
    for (int i = 0; i < 10; i++)
        sum += header[i];
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return ~sum;
}

/* 46 bytes: an IPv4 header, a UDP header without checksum, 18 bytes that stay as they are. */
static __always_inline void write_inner(unsigned char *at, __u32 source, __u16 source_port)
{
    __u16 *half = (__u16 *)at;

    half[0] = bpf_htons(0x4500);
    half[1] = bpf_htons(46);
    half[2] = 0;
    half[3] = bpf_htons(0x4000);
    half[4] = bpf_htons(0x4011);
    half[5] = 0;
    *(__u32 *)(at + 12) = bpf_htonl(source);
    *(__u32 *)(at + 16) = bpf_htonl(REMOTE);
    half[5] = ipv4_checksum(half);
    half[10] = bpf_htons(source_port);
    half[11] = bpf_htons(80);
    half[12] = bpf_htons(26);
    half[13] = 0;
}

/* Waits until the next frame is due, looking at the clock at most as often as the verifier can follow. */
static __always_inline void keep_pace(void)
{
    __u64 now = 0;

    for (int i = 0; i < 64; i++) {
        now = bpf_ktime_get_ns();
        if (now >= plan.due_ns)
            break;
    }
    /* What was missed by more than a little is not made up for. */
    if (plan.due_ns + 100000 < now)
        plan.due_ns = now;
    plan.due_ns += plan.interval_ns;
}

SEC("xdp") int generate(struct xdp_md *context)
{
    unsigned char *frame = (void *)(long)context->data;
    unsigned char *end = (void *)(long)context->data_end;
    __u32 flow = plan.next;
    __u32 subscriber = flow / plan.flows_per_subscriber;
    __u16 port = 1024 + flow % 60000;

    if (frame + IPV4_FRAME_BYTES > end)
        return XDP_DROP;
    if (plan.interval_ns != 0)
        keep_pace();
    plan.sent++;
    plan.next = flow + 1 < plan.flows ? flow + 1 : 0;
    __builtin_memcpy(frame, plan.to, 6);
    __builtin_memcpy(frame + 6, plan.from, 6);
    if (!plan.is_softwire) {
        *(__u16 *)(frame + 12) = bpf_htons(0x0800);
        write_inner(frame + 14, FIRST_SUBSCRIBER + subscriber, port);
        return bpf_redirect(plan.device, 0);
    }
    if (frame + SOFTWIRE_FRAME_BYTES > end)
        return XDP_DROP;
    __u32 *word = (__u32 *)(frame + 14);
    *(__u16 *)(frame + 12) = bpf_htons(0x86dd);
    word[0] = bpf_htonl(0x60000000);
    word[1] = bpf_htonl(46u << 16 | 4 << 8 | 64);
    word[2] = bpf_htonl(0x20010db8);
    word[3] = bpf_htonl(0x01000000 | subscriber << 8);
    word[4] = 0;
    word[5] = bpf_htonl(1);
    word[6] = bpf_htonl(0x20010db8);
    word[7] = bpf_htonl(0xffff0000);
    word[8] = 0;
    word[9] = bpf_htonl(1);
    write_inner(frame + 54, BEHIND_B4, port);
    return bpf_redirect(plan.device, 0);
}

char license_text[] SEC("license") = "GPL";
