/* Takes from a device the frames that belong to the gateway, and leaves everything else to the kernel.
 *
 * What is ours, by the maps that user space fills (SteeringMaps.cs):
 *   aftr_addresses   IPv6 destinations of which everything is ours but neighbour discovery
 *   pool_prefixes    IPv4 destinations that are ours (outside)
 *   subscriber_prefixes   IPv4 sources that are ours, unless they talk to this box (inside), and what routers between
 *                    here and there report about packets to them
 *   own_addresses    IPv4 addresses of this box
 * Addresses are in network order, as in the frame. Needs nothing but clang: what is used of the kernel's interface
 * (linux/bpf.h) stands here.
 */

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

#define SECTION(name) __attribute__((section(name), used))
#define INLINE static __attribute__((always_inline))
#define BIG16(value) ((u16)((((value) & 0xff) << 8) | (((value) >> 8) & 0xff)))
/* The form in which a map's properties are written so that they end up in its type information. */
#define NUMBER(name, value) int(*name)[value]
#define TYPE(name, type) type *name

enum map_type { MAP_HASH = 1, MAP_PER_CPU_ARRAY = 6, MAP_LPM_TRIE = 11, MAP_XSK = 17 };
enum map_flag { NO_PREALLOCATION = 1 };
enum verdict { PASS = 2 };

struct context {
    u32 data;
    u32 data_end;
    u32 data_meta;
    u32 ingress_ifindex;
    u32 rx_queue_index;
    u32 egress_ifindex;
};

static void *(*const map_lookup)(void *map, const void *key) = (void *)1;
static long (*const redirect_map)(void *map, u64 key, u64 flags) = (void *)51;

struct address6 {
    u32 words[4];
};

struct prefix4 {
    u32 length;
    u32 address;
};

struct {
    NUMBER(type, MAP_XSK);
    NUMBER(max_entries, 256);
    TYPE(key, u32);
    TYPE(value, u32);
} xsks SECTION(".maps");

struct {
    NUMBER(type, MAP_HASH);
    NUMBER(max_entries, 256);
    TYPE(key, struct address6);
    TYPE(value, u32);
} aftr_addresses SECTION(".maps");

struct {
    NUMBER(type, MAP_LPM_TRIE);
    NUMBER(max_entries, 4096);
    NUMBER(map_flags, NO_PREALLOCATION);
    TYPE(key, struct prefix4);
    TYPE(value, u32);
} pool_prefixes SECTION(".maps");

struct {
    NUMBER(type, MAP_LPM_TRIE);
    NUMBER(max_entries, 4096);
    NUMBER(map_flags, NO_PREALLOCATION);
    TYPE(key, struct prefix4);
    TYPE(value, u32);
} subscriber_prefixes SECTION(".maps");

struct {
    NUMBER(type, MAP_HASH);
    NUMBER(max_entries, 1024);
    TYPE(key, u32);
    TYPE(value, u32);
} own_addresses SECTION(".maps");

enum statistic { TAKEN, PASSED, NO_SOCKET, STATISTIC_COUNT };

struct {
    NUMBER(type, MAP_PER_CPU_ARRAY);
    NUMBER(max_entries, STATISTIC_COUNT);
    TYPE(key, u32);
    TYPE(value, u64);
} statistics SECTION(".maps");

INLINE void count(u32 which)
{
    u64 *value = map_lookup(&statistics, &which);

    if (value)
        *value += 1;
}

/* Neighbour and router discovery, types 133 to 137 (RFC 4861 section 4), stays the kernel's also when it names an
 * AFTR address. */
INLINE int is_ours_ipv6(const u8 *packet, const u8 *end)
{
    if (packet + 40 > end)
        return 0;
    struct address6 destination;
    __builtin_memcpy(&destination, packet + 24, sizeof(destination));
    if (!map_lookup(&aftr_addresses, &destination))
        return 0;
    if (packet[6] == 58 && packet + 41 <= end && packet[40] >= 133 && packet[40] <= 137)
        return 0;
    return 1;
}

/* Destination unreachable, time exceeded or parameter problem that quotes a packet to a subscriber: a router of the access
 * network sends it by an address of its own, and its reader outside knows the packet only in its outside form. */
INLINE int is_report(const u8 *packet, const u8 *end)
{
    if (packet + 20 + 8 + 20 > end)
        return 0;
    if (packet[0] != 0x45 || packet[9] != 1 || (packet[6] & 0x1f) != 0 || packet[7] != 0)
        return 0;
    if (packet[20] != 3 && packet[20] != 11 && packet[20] != 12)
        return 0;
    struct prefix4 quoted = { .length = 32 };
    __builtin_memcpy(&quoted.address, packet + 20 + 8 + 16, 4);
    return map_lookup(&subscriber_prefixes, &quoted) != 0;
}

INLINE int is_ours_ipv4(const u8 *packet, const u8 *end)
{
    if (packet + 20 > end)
        return 0;
    struct prefix4 source = { .length = 32 };
    struct prefix4 destination = { .length = 32 };
    __builtin_memcpy(&source.address, packet + 12, 4);
    __builtin_memcpy(&destination.address, packet + 16, 4);
    if (map_lookup(&pool_prefixes, &destination))
        return 1;
    if (!map_lookup(&subscriber_prefixes, &source) && !is_report(packet, end))
        return 0;
    /* Multicast (224/4), reserved and limited broadcast (240/4) are for the link, not for anybody beyond it. */
    if (packet[16] >= 224)
        return 0;
    return !map_lookup(&own_addresses, &destination.address);
}

INLINE int is_ours(const u8 *frame, const u8 *end)
{
    if (frame + 14 > end)
        return 0;
    /* To a group address: discovery, routing protocols, ARP. */
    if (frame[0] & 1)
        return 0;
    const u8 *type = frame + 12;
    u16 ether_type = *(const u16 *)type;
#pragma clang loop unroll(full)
    for (int tag = 0; tag < 2; tag++) {
        if (ether_type != BIG16(0x8100) && ether_type != BIG16(0x88a8))
            break;
        type += 4;
        if (type + 2 > end)
            return 0;
        ether_type = *(const u16 *)type;
    }
    if (ether_type == BIG16(0x86dd))
        return is_ours_ipv6(type + 2, end);
    if (ether_type == BIG16(0x0800))
        return is_ours_ipv4(type + 2, end);
    return 0;
}

SECTION("xdp")
int steer(struct context *context)
{
    const u8 *frame = (const u8 *)(long)context->data;
    const u8 *end = (const u8 *)(long)context->data_end;

    if (!is_ours(frame, end)) {
        count(PASSED);
        return PASS;
    }
    /* Without a socket on this queue the lower bits of the flags are the verdict. */
    long verdict = redirect_map(&xsks, context->rx_queue_index, PASS);
    count(verdict == PASS ? NO_SOCKET : TAKEN);
    return verdict;
}

char license_text[] SECTION("license") = "Apache-2.0";
