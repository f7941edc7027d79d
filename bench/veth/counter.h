/* Counters of the kernel in files, such as statistics/rx_packets of a device, and the time. */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static double value(int file)
{
    char text[32] = { 0 };

    return pread(file, text, sizeof(text) - 1, 0) > 0 ? atof(text) : -1;
}
