/* What generator.c tells generator.bpf.c, and hears back: one structure in the program's data section. */
#ifndef GENERATOR_H
#define GENERATOR_H

struct plan {
    unsigned int device;               /* where frames leave */
    unsigned int flows;                /* at least 1; sent in turn */
    unsigned int flows_per_subscriber; /* at least 1 */
    unsigned int is_softwire;          /* IPv4 within IPv6, one B4 a subscriber; else IPv4 alone */
    unsigned int interval_ns;          /* between two frames; 0: as fast as can be */
    unsigned char to[6];
    unsigned char from[6];
    unsigned int next;                 /* flow of the next frame */
    unsigned long long due_ns;         /* when the next frame is to leave */
    unsigned long long sent;           /* frames made; many of them the device has no room for */
};

enum {
    IPV4_FRAME_BYTES = 60,             /* 64 with the check sequence that no virtual cable has */
    SOFTWIRE_FRAME_BYTES = 100,
};

#endif
