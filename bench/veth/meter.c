/* meter WINDOWS WINDOW-SECONDS FILE...
 *
 * Reads counters (the numbers in the files, such as statistics/rx_packets of a device) at the ends of windows and
 * prints a line a window: each counter's growth a second, in their order.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "counter.h"

enum { MOST_FILES = 8 };

int main(int count, char **arguments)
{
    int files[MOST_FILES];
    double before[MOST_FILES];
    int file_count = count - 3;

    if (file_count < 1 || file_count > MOST_FILES) {
        fprintf(stderr, "meter: WINDOWS WINDOW-SECONDS FILE...\n");
        return 2;
    }
    double seconds = atof(arguments[2]);
    struct timespec sleep = { (time_t)seconds, (seconds - (time_t)seconds) * 1e9 };
    for (int i = 0; i < file_count; i++) {
        files[i] = open(arguments[3 + i], O_RDONLY);
        if (files[i] < 0) {
            perror(arguments[3 + i]);
            return 1;
        }
        before[i] = value(files[i]);
    }
    double began = now();
    for (int window = atoi(arguments[1]); window > 0; window--) {
        nanosleep(&sleep, NULL);
        double took = now() - began;
        began += took;
        for (int i = 0; i < file_count; i++) {
            double after = value(files[i]);
            printf("%s%.0f", i == 0 ? "" : " ", (after - before[i]) / took);
            before[i] = after;
        }
        printf("\n");
    }
    return 0;
}
