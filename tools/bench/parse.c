/* How long libical takes to read a calendar: the text into its tree, with every value of every property.
 * parse FILE answers one line of JSON for each run. */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static char *whole(const char *path, size_t *count) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) exit(1);
    *count = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(*count + 1);
    if (!text || fread(text, 1, *count, file) != *count) exit(1);
    text[*count] = 0;
    fclose(file);
    return text;
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    size_t count = 0;
    char *text = whole(argv[1], &count);
    int runs = argc > 2 ? atoi(argv[2]) : 3;
    for (int run = 0; run < runs; run++) {
        double start = now();
        icalcomponent *root = icalparser_parse_string(text);
        double spent = now() - start;
        int events = root ? icalcomponent_count_components(root, ICAL_VEVENT_COMPONENT) : 0;
        printf("{\"side\":\"libical\",\"work\":\"events\",\"bytes\":%zu,\"count\":%d,\"seconds\":%f}\n", count, events, spent);
        if (root) icalcomponent_free(root);
    }
    free(text);
    return 0;
}
