/* silence SECONDS FILE
 *
 * Reads a counter (the number in the file, such as statistics/rx_packets of a device) some thousand times a second and
 * prints the longest time in which it stood still, in milliseconds. What is counted must come more often than that.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "counter.h"

int main(int count, char **arguments)
{
    struct timespec sleep = { 0, 200000 };
    double longest = 0;

    if (count != 3) {
        fprintf(stderr, "silence: SECONDS FILE\n");
        return 2;
    }
    int file = open(arguments[2], O_RDONLY);
    if (file < 0) {
        perror(arguments[2]);
        return 1;
    }
    double end = now() + atof(arguments[1]);
    double seen = value(file);
    for (double last = now(); last < end;) {
        nanosleep(&sleep, NULL);
        double counted = value(file);
        double at = now();
        if (counted == seen && at < end)
            continue;
        if (at - last > longest)
            longest = at - last;
        seen = counted;
        last = at;
    }
    printf("%.1f\n", longest * 1e3);
    return 0;
}
