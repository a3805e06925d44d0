/* Asks a service over HTTP/1.1 as fast as it can, or listens to its streams, and says how long the answers took.
 *
 *   load ask PORT FILE CONNECTIONS SECONDS RATE ANSWERED
 *     FILE holds requests as they are sent, each behind a line "LENGTH CLASS NUMBER". They are sent in turn over so many
 *     connections that stay open, each waiting for its answer; for so many seconds, or, if SECONDS is 0, once each. RATE is how many
 *     are sent in a second at most; 0 is as many as go. Into the file ANSWERED goes "CLASS NUMBER STATUS" for each answer, as it
 *     comes; "-" leaves that out.
 *   load listen PORT TOKEN AFTER LISTENERS EXPECTED SECONDS
 *     Reads /api/v1/entries as events, until each listener has had EXPECTED of them, or the time is over. A last listener never
 *     reads, until the others are done.
 *
 * It prints one line of JSON for each class. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *what) {
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int port, epoll;

/* Each hundredth connection comes from an address of its own, as strangers do. */
static int dial(int number) {
    int s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET, .sin_port = htons(port)};
    from.sin_addr.s_addr = htonl(0x7f000001 + number / 100);
    to.sin_addr.s_addr = htonl(0x7f000001);
    int yes = 1;
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (bind(s, (void *)&from, sizeof from) || connect(s, (void *)&to, sizeof to)) fail("connecting");
    fcntl(s, F_SETFL, O_NONBLOCK);
    return s;
}

/* ---- asking ---- */

struct request { const char *bytes; size_t length; int class; long number; };
struct class { char name[24]; double *times; size_t count, room; long statuses[600], cut; };
enum { most_classes = 16, buffer_bytes = 1 << 16 };
struct line { int s, number; struct request *asks; size_t sent, had, body; int status; double began; char head[buffer_bytes]; };

static struct request *requests;
static size_t request_count, next_request, open_requests;
static struct class classes[most_classes];
static int class_count;
static FILE *answered;
static double ends, began_all;
static long rate;

static int class_of(const char *name) {
    for (int i = 0; i < class_count; i++) if (!strcmp(classes[i].name, name)) return i;
    if (class_count == most_classes) exit(1);
    snprintf(classes[class_count].name, sizeof classes->name, "%s", name);
    return class_count++;
}

static void load_requests(const char *path) {
    int f = open(path, O_RDONLY);
    struct stat facts;
    if (f < 0 || fstat(f, &facts)) fail(path);
    char *at = mmap(NULL, facts.st_size + 1, PROT_READ, MAP_PRIVATE, f, 0), *end = at + facts.st_size;
    size_t room = 0;
    while (at < end) {
        /* The line is copied: sscanf looks for the end of all that it is given. */
        char line[96], name[24], *end_of_line = memchr(at, '\n', end - at);
        size_t length;
        long number;
        if (!end_of_line || end_of_line - at >= (long)sizeof line) exit(1);
        memcpy(line, at, end_of_line - at);
        line[end_of_line - at] = 0;
        if (sscanf(line, "%zu %23s %ld", &length, name, &number) != 3) exit(1);
        int header = end_of_line - at;
        if (request_count == room) requests = realloc(requests, (room = room ? room * 2 : 1024) * sizeof *requests);
        requests[request_count++] = (struct request){at + header + 1, length, class_of(name), number};
        at += header + 1 + length;
    }
}

static void record(struct line *l, int status) {
    struct class *c = &classes[l->asks->class];
    if (c->count == c->room) c->times = realloc(c->times, (c->room = c->room ? c->room * 2 : 1024) * sizeof(double));
    c->times[c->count++] = now() - l->began;
    c->statuses[status]++;
    if (answered) fprintf(answered, "%s %ld %d\n", c->name, l->asks->number, status);
    l->asks = NULL;
    open_requests--;
}

static void watch(struct line *l, uint32_t events, int how) {
    struct epoll_event e = {.events = events, .data.ptr = l};
    epoll_ctl(epoll, how, l->s, &e);
}

static void redial(struct line *l) {
    close(l->s);
    l->s = dial(l->number);
    watch(l, EPOLLIN, EPOLL_CTL_ADD);
}

static void send_more(struct line *l) {
    while (l->asks && l->sent < l->asks->length) {
        ssize_t n = send(l->s, l->asks->bytes + l->sent, l->asks->length - l->sent, MSG_NOSIGNAL);
        if (n < 0) {
            if (errno == EAGAIN) watch(l, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
            return; /* Whether it is closed is heard by reading. */
        }
        l->sent += n;
        if (l->sent == l->asks->length) watch(l, EPOLLIN, EPOLL_CTL_MOD);
    }
}

static int begin(struct line *l) {
    if (ends ? now() >= ends : next_request >= request_count) return 0;
    if (rate && next_request >= (now() - began_all) * rate) return 1;
    l->asks = &requests[next_request++ % request_count];
    l->sent = l->had = l->status = 0;
    l->began = now();
    open_requests++;
    send_more(l);
    return 1;
}

/* 1 when the answer is whole, -1 when the connection has to be opened again. */
static int read_more(struct line *l) {
    for (;;) {
        size_t room = l->status ? buffer_bytes : buffer_bytes - 1 - l->had;
        char *to = l->status ? l->head : l->head + l->had;
        ssize_t n = recv(l->s, to, room, 0);
        if (n < 0 && errno == EAGAIN) return 0;
        if (n <= 0) return -1;
        if (!l->asks) continue;
        if (l->status) {
            l->body -= (size_t)n < l->body ? (size_t)n : l->body;
        } else {
            l->had += n;
            l->head[l->had] = 0;
            char *end = strstr(l->head, "\r\n\r\n");
            if (!end) continue;
            l->status = atoi(l->head + 9);
            char *length = strcasestr(l->head, "\r\ncontent-length:");
            size_t body = length && length < end ? strtoul(length + 17, NULL, 10) : 0;
            size_t here = l->head + l->had - (end + 4);
            l->body = body > here ? body - here : 0;
        }
        if (l->body == 0) {
            int early = l->sent < l->asks->length || strcasestr(l->head, "\r\nconnection: close") != NULL;
            record(l, l->status);
            return early ? -1 : 1;
        }
    }
}

static int by_time(const void *a, const void *b) {
    double x = *(double *)a, y = *(double *)b;
    return (x > y) - (x < y);
}

static int ask(char **words) {
    load_requests(words[0]);
    int count = atoi(words[1]);
    double seconds = atof(words[2]);
    rate = atol(words[3]);
    if (strcmp(words[4], "-") && !(answered = fopen(words[4], "w"))) fail(words[4]);
    if (answered) setlinebuf(answered);
    struct line *lines = calloc(count, sizeof *lines);
    for (int i = 0; i < count; i++) {
        lines[i].number = i;
        lines[i].s = dial(i);
        watch(&lines[i], EPOLLIN, EPOLL_CTL_ADD);
    }
    began_all = now();
    if (seconds > 0) ends = began_all + seconds;
    struct epoll_event events[256];
    int goes_on = 1;
    while (goes_on || open_requests) {
        for (int i = 0; i < count && goes_on; i++) if (!lines[i].asks) goes_on = begin(&lines[i]);
        int n = epoll_wait(epoll, events, 256, rate ? 1 : 1000);
        for (int i = 0; i < n; i++) {
            struct line *l = events[i].data.ptr;
            if (events[i].events & EPOLLOUT) send_more(l);
            int state = read_more(l);
            if (state < 0) {
                if (l->asks) {
                    classes[l->asks->class].cut++;
                    l->asks = NULL;
                    open_requests--;
                }
                redial(l);
            }
        }
        if (now() - began_all > 300) break;
    }
    double spent = now() - began_all;
    for (int i = 0; i < class_count; i++) {
        struct class *c = &classes[i];
        qsort(c->times, c->count, sizeof(double), by_time);
        printf("{\"class\": \"%s\", \"answers\": %zu, \"cut\": %ld, \"per_second\": %.0f", c->name, c->count, c->cut, c->count / spent);
        if (c->count)
            printf(", \"p50_ms\": %.2f, \"p99_ms\": %.2f, \"most_ms\": %.2f", c->times[c->count / 2] * 1e3,
                   c->times[(size_t)(c->count * 0.99)] * 1e3, c->times[c->count - 1] * 1e3);
        for (int s = 100; s < 600; s++) if (c->statuses[s]) printf(", \"%d\": %ld", s, c->statuses[s]);
        printf("}\n");
    }
    return 0;
}

/* ---- listening ---- */

struct ear { int s; long count, last, disorder; double done; int is_cut, at; char line[64]; };

/* Only lines that begin with "id: " are of interest. */
static void hear(struct ear *e, const char *bytes, ssize_t n) {
    for (ssize_t i = 0; i < n; i++) {
        if (bytes[i] != '\n') {
            if (e->at < 63) e->line[e->at++] = bytes[i];
            else {
                const char *end = memchr(bytes + i, '\n', n - i);
                if (!end) return;
                i = end - bytes - 1;
            }
            continue;
        }
        e->line[e->at] = 0;
        e->at = 0;
        if (strncmp(e->line, "id: ", 4)) continue;
        long id = atol(e->line + 4);
        if (id <= e->last) e->disorder++;
        e->last = id;
        e->count++;
    }
}

static int listen_to(char **words) {
    const char *token = words[0];
    long after = atol(words[1]), expected = atol(words[3]);
    int count = atoi(words[2]);
    double end = now() + atof(words[4]);
    struct ear *ears = calloc(count + 1, sizeof *ears);
    char text[1024];
    for (int i = 0; i <= count; i++) {
        ears[i].s = dial(i);
        int length = snprintf(text, sizeof text,
            "GET /api/v1/entries?after=%ld HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nAuthorization: Bearer %s\r\n\r\n",
            after, token);
        if (send(ears[i].s, text, length, 0) != length) fail("asking");
        struct epoll_event e = {.events = EPOLLIN, .data.u32 = i};
        if (i < count) epoll_ctl(epoll, EPOLL_CTL_ADD, ears[i].s, &e);
    }
    static char bytes[1 << 16];
    int open_ears = count;
    while (open_ears && now() < end) {
        struct epoll_event events[64];
        int n = epoll_wait(epoll, events, 64, 100);
        for (int i = 0; i < n; i++) {
            struct ear *e = &ears[events[i].data.u32];
            ssize_t got = recv(e->s, bytes, sizeof bytes, 0);
            if (got <= 0) e->is_cut = 1;
            else hear(e, bytes, got);
            if (e->is_cut || (e->count >= expected && !e->done)) {
                e->done = now();
                open_ears--;
                epoll_ctl(epoll, EPOLL_CTL_DEL, e->s, NULL);
            }
        }
    }
    struct ear *deaf = &ears[count];
    double patience = now() + 20;
    while (now() < patience && !deaf->is_cut) {
        ssize_t got = recv(deaf->s, bytes, sizeof bytes, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN)) deaf->is_cut = 1;
        else if (got > 0) hear(deaf, bytes, got);
        else usleep(10000);
        if (deaf->count >= expected) break;
    }
    long whole = 0, disorder = 0, cut = 0, least = expected;
    for (int i = 0; i < count; i++) {
        whole += ears[i].count >= expected;
        disorder += ears[i].disorder;
        cut += ears[i].is_cut;
        if (ears[i].count < least) least = ears[i].count;
    }
    printf("{\"listeners\": %d, \"had_all\": %ld, \"fewest\": %ld, \"out_of_order\": %ld, \"cut\": %ld, "
           "\"deaf_was_cut\": %d, \"deaf_had\": %ld, \"deaf_last\": %ld}\n",
           count, whole, least, disorder, cut, deaf->is_cut, deaf->count, deaf->last);
    return 0;
}

int main(int argc, char **argv) {
    if (argc < 8) { fprintf(stderr, "load: see the top of load.c\n"); return 1; }
    port = atoi(argv[2]);
    epoll = epoll_create1(0);
    return !strcmp(argv[1], "listen") ? listen_to(argv + 3) : ask(argv + 3);
}
