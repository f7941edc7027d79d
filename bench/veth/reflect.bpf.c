/* The far end while flows are made: sends each UDP packet back to its sender, so that both kinds of NAT have seen their
 * flows answered before anything is measured. Swapping addresses and ports changes no checksum.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define SWAP(type, one, other) do { type kept = one; one = other; other = kept; } while (0)

SEC("xdp") int reflect(struct xdp_md *context)
{
    unsigned char *frame = (void *)(long)context->data;
    unsigned char *end = (void *)(long)context->data_end;

    if (frame + 14 + 20 + 8 > end || frame[12] != 8 || frame[13] != 0 || frame[14] != 0x45 || frame[23] != 17)
        return XDP_PASS;
    __u16 *half = (__u16 *)frame;
    for (int i = 0; i < 3; i++)
        SWAP(__u16, half[i], half[i + 3]);
    half = (__u16 *)(frame + 14);
    SWAP(__u16, half[6], half[8]);
    SWAP(__u16, half[7], half[9]);
    SWAP(__u16, half[10], half[11]);
    return XDP_TX;
}

char license_text[] SEC("license") = "GPL";
