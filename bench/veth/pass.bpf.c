/* Lets every frame pass: a virtual cable wakes its other end for reflected frames only where some program is. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") int pass(struct xdp_md *context)
{
    (void)context;
    return XDP_PASS;
}

char license_text[] SEC("license") = "GPL";
