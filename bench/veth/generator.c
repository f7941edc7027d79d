/* generator DEVICE TO-MAC FLOWS FLOWS-PER-SUBSCRIBER ipv4|softwire INTERVAL-NS SECONDS OBJECT
 *
 * Sends the flows of generator.bpf.c by a device, a frame an interval or, if that is 0, as fast as can be, and prints
 * how many frames it made and in how many seconds. A single call for the whole time: each begins and ends with waiting
 * for all processors.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "generator.h"

static void on_alarm(int signal) { (void)signal; }

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static int read_addresses(const char *device, const char *to, struct plan *plan)
{
    struct ifreq request = { 0 };
    int socket_fd = socket(AF_INET, SOCK_DGRAM, 0);
    unsigned int bytes[6];

    if (sscanf(to, "%x:%x:%x:%x:%x:%x", bytes, bytes + 1, bytes + 2, bytes + 3, bytes + 4, bytes + 5) != 6)
        return -1;
    for (int i = 0; i < 6; i++)
        plan->to[i] = bytes[i];
    strncpy(request.ifr_name, device, IFNAMSIZ - 1);
    if (ioctl(socket_fd, SIOCGIFHWADDR, &request) != 0)
        return -1;
    close(socket_fd);
    memcpy(plan->from, request.ifr_hwaddr.sa_data, 6);
    plan->device = if_nametoindex(device);
    return 0;
}

/* The signal ends the test run; it is repeated in case the first comes before that has begun. */
static void end_after(double seconds)
{
    struct sigaction action = { .sa_handler = on_alarm };
    struct itimerval timer = { .it_interval.tv_usec = 100000 };

    timer.it_value.tv_sec = (time_t)seconds;
    timer.it_value.tv_usec = (seconds - (time_t)seconds) * 1e6 + 1;
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
}

int main(int count, char **arguments)
{
    unsigned char frame[SOFTWIRE_FRAME_BYTES] = { 0 };
    struct xdp_md context = { 0 };
    struct plan plan = { 0 };
    __u32 key = 0;

    if (count != 9 || read_addresses(arguments[1], arguments[2], &plan) != 0) {
        fprintf(stderr, "generator: DEVICE TO-MAC FLOWS FLOWS-PER-SUBSCRIBER ipv4|softwire INTERVAL-NS SECONDS "
            "OBJECT\n");
        return 2;
    }
    plan.flows = atoi(arguments[3]);
    plan.flows_per_subscriber = atoi(arguments[4]);
    plan.is_softwire = strcmp(arguments[5], "softwire") == 0;
    plan.interval_ns = atoi(arguments[6]);
    context.data_end = plan.is_softwire ? SOFTWIRE_FRAME_BYTES : IPV4_FRAME_BYTES;

    struct bpf_object *object = bpf_object__open_file(arguments[8], NULL);
    if (!object || bpf_object__load(object) != 0) {
        fprintf(stderr, "generator: %s can't be loaded\n", arguments[8]);
        return 1;
    }
    int map = bpf_map__fd(bpf_object__find_map_by_name(object, ".data"));
    int program = bpf_program__fd(bpf_object__find_program_by_name(object, "generate"));
    if (bpf_map_update_elem(map, &key, &plan, BPF_ANY) != 0) {
        perror("generator: the plan can't be written");
        return 1;
    }
    LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame, .data_size_in = context.data_end, .ctx_in = &context,
        .ctx_size_in = sizeof(context), .repeat = 2000000000, .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = 64);
    double began = now();
    end_after(atof(arguments[7]));
    int error = bpf_prog_test_run_opts(program, &options);
    if (error != 0 && error != -EINTR) {
        fprintf(stderr, "generator: the test run: %s\n", strerror(-error));
        return 1;
    }
    double took = now() - began;
    bpf_map_lookup_elem(map, &key, &plan);
    printf("%llu %.3f\n", plan.sent, took);
    return 0;
}
