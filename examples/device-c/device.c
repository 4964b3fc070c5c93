/* A device whose sensor is its standard input: each line is published as a reading. Ends when all are acknowledged. */
#include "weir.c"

#include <stdio.h>
#include <stdlib.h>

/* Whether a line is there; it has no end of its own. Sets *end when none will come. Lines beyond the buffer are cut. */
static int next_line(char *line, size_t room, int *end) {
    static size_t have;
    struct pollfd wait = {0, POLLIN, 0};
    while (!*end && poll(&wait, 1, 0) == 1) {
        char c;
        *end = read(0, &c, 1) != 1;
        if (*end || c == '\n') {
            line[have] = 0;
            have = 0;
            return line[0] != 0;
        }
        if (have < room - 1) line[have++] = c;
    }
    return 0;
}

int main(int count, char **words) {
    static struct weir w;
    static char line[WEIR_PACKET];
    int patient = count > 1 && strcmp(words[1], "-w") == 0, end = 0;
    if (count - patient != 5) {
        fprintf(stderr, "usage: device [-w] IP PORT CLIENT-ID TOPIC   (WEIR_USER, WEIR_PASSWORD in the environment)\n");
        return 2;
    }
    words += patient;
    weir_begin(&w, words[1], (uint16_t)atoi(words[2]), words[3]);
    w.user = getenv("WEIR_USER");
    w.password = getenv("WEIR_PASSWORD");
    while (!end || w.count > 0) {
        int came = !(patient && w.count == WEIR_RING) && next_line(line, sizeof line, &end);
        if (came && weir_publish(&w, words[4], line, strlen(line)) != 0) fprintf(stderr, "too large: %s\n", line);
        weir_turn(&w, came ? 0 : 20);
    }
    weir_end(&w);
    fprintf(stderr, "acknowledged=%lu dropped=%lu resent=%lu connects=%lu refused=%lu violations=%lu\n", w.acknowledged,
            w.dropped, w.resent, w.connects, w.refused, w.violations);
    return 0;
}
