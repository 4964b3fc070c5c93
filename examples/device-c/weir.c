/*
 * A device's side: publishes readings over MQTT 3.1.1 with QoS 1, at least once and in order, without a heap.
 *
 * weir_publish() puts a message into a static ring; weir_turn() does what is to be done: connects, sends, takes
 * acknowledgements. A message leaves the ring when its PUBACK has come; after a lost connection it is sent again with
 * the same packet id and DUP. When the ring is full, the oldest message goes and is counted. Nothing blocks for longer
 * than WEIR_WRITE_MS. For one thread. A port replaces clock_ms() and the three link_ functions.
 */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifdef WEIR_CONFIG
#include WEIR_CONFIG /* a header of your own with all of these */
#else
#define WEIR_RING 32            /* how many messages may wait for their PUBACK */
#define WEIR_WINDOW 8           /* how many of them may be under way */
#define WEIR_PACKET 192         /* bytes of the largest PUBLISH, topic and payload together; at most 16383 */
#define WEIR_ANSWER_MS 20000    /* how long an answer may take before the connection counts as lost */
#define WEIR_WRITE_MS 5000      /* how long connecting, or writing, may block */
#define WEIR_KEEP_ALIVE_S 30    /* at most 255 */
#define WEIR_BACKOFF_MS 500     /* the first pause before connecting again; it doubles from one to the next, */
#define WEIR_BACKOFF_MAX_MS 60000 /* up to this */
#endif

/* ---- what a port replaces ------------------------------------------------------------------------------------- */

static int link_socket = -1;

/* Milliseconds from any beginning; may wrap. */
static uint32_t clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)((uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u);
}

/* Closes what is open, then connects, unless host is NULL. Returns 0, or -1. */
static int link_open(const char *host, uint16_t port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    int failed = 0, one = 1;
    socklen_t size = sizeof failed;
    if (link_socket >= 0) close(link_socket);
    link_socket = -1;
    if (host == NULL) return 0;
    if (inet_pton(AF_INET, host, &to.sin_addr) != 1) return -1;
    link_socket = socket(AF_INET, SOCK_STREAM, 0);
    if (link_socket < 0) return -1;
    setsockopt(link_socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (fcntl(link_socket, F_SETFL, O_NONBLOCK) < 0) return -1;
    if (connect(link_socket, (struct sockaddr *)&to, sizeof to) == 0) return 0;
    struct pollfd wait = {link_socket, POLLOUT, 0};
    if (poll(&wait, 1, WEIR_WRITE_MS) != 1) return -1;
    return getsockopt(link_socket, SOL_SOCKET, SO_ERROR, &failed, &size) == 0 && failed == 0 ? 0 : -1;
}

/* Writes all of it within WEIR_WRITE_MS. Returns 0, or -1. */
static int link_write(const uint8_t *data, size_t length) {
    uint32_t begun = clock_ms();
    while (length > 0) {
        ssize_t n = send(link_socket, data, length, MSG_NOSIGNAL);
        struct pollfd wait = {link_socket, POLLOUT, 0};
        if (n > 0) {
            data += n;
            length -= (size_t)n;
        } else if (clock_ms() - begun >= WEIR_WRITE_MS || poll(&wait, 1, WEIR_WRITE_MS) != 1 ||
                   (wait.revents & (POLLERR | POLLHUP)) != 0) {
            return -1;
        }
    }
    return 0;
}

/* Waits for up to `length` bytes. Returns how many came, 0 if none did in time, -1 if the link is lost. Without a
 * link it just waits. */
static int link_read(uint8_t *data, size_t length, uint32_t wait_ms) {
    struct pollfd wait = {link_socket, POLLIN, 0};
    ssize_t n;
    if (poll(&wait, link_socket < 0 ? 0 : 1, (int)wait_ms) < 1) return 0;
    n = recv(link_socket, data, length, 0);
    return n > 0 ? (int)n : -1;
}

/* ---- the client ----------------------------------------------------------------------------------------------- */

enum state { DOWN, GREETING, UP };

struct message {
    uint16_t length, id;
    uint8_t acknowledged;
    uint8_t bytes[WEIR_PACKET]; /* the PUBLISH as it goes out */
};

struct weir {
    const char *host, *id, *user, *password; /* user and password may be NULL */
    uint16_t port;
    enum state state;
    struct message ring[WEIR_RING];
    unsigned head, count, sent; /* the oldest, how many, how many of them went out on this connection */
    uint16_t next_id;
    uint32_t retry_at, backoff, wrote_at, asked_at, pinged_at, random;
    int owed, pinged; /* whether a PUBACK or a PINGRESP is awaited */
    uint8_t in[4]; /* no packet that may come is longer */
    unsigned have;
    unsigned long acknowledged, dropped, resent, connects, refused, violations;
};

/* Prepares a client, which keeps the texts' addresses; user and password may be set after it. Does not connect. */
void weir_begin(struct weir *w, const char *host, uint16_t port, const char *id) {
    memset(w, 0, sizeof *w);
    w->host = host;
    w->port = port;
    w->id = id;
    w->retry_at = w->random = clock_ms();
    for (; *id != 0; id++) w->random = (w->random ^ (uint8_t)*id) * 16777619u; /* devices that start together differ */
}

static void lost(struct weir *w) {
    uint32_t most = w->backoff < WEIR_BACKOFF_MS ? WEIR_BACKOFF_MS : w->backoff;
    link_open(NULL, 0);
    w->state = DOWN;
    w->random = w->random * 1664525u + 1013904223u;
    w->retry_at = clock_ms() + most / 2 + (w->random >> 8) % (most / 2 + 1);
    w->backoff = most >= WEIR_BACKOFF_MAX_MS / 2 ? WEIR_BACKOFF_MAX_MS : most * 2;
}

static int put(struct weir *w, const uint8_t *bytes, size_t length) {
    w->wrote_at = clock_ms();
    if (link_write(bytes, length) == 0) return 0;
    lost(w);
    return -1;
}

/* Appends a length and the bytes to a packet that may have `room` bytes. Returns the new length, or 0 for no room. */
static size_t append(uint8_t *packet, size_t at, size_t room, const void *bytes, size_t length) {
    if (at == 0 || length > room || room - length < at + 2) return 0;
    packet[at] = (uint8_t)(length >> 8);
    packet[at + 1] = (uint8_t)length;
    memcpy(packet + at + 2, bytes, length);
    return at + 2 + length;
}

static void greet(struct weir *w) {
    static const uint8_t protocol[] = {0x10, 0, 0, 4, 'M', 'Q', 'T', 'T', 4, 0, 0, WEIR_KEEP_ALIVE_S};
    uint8_t packet[128]; /* its remaining length fits one byte */
    size_t length = sizeof protocol;
    w->have = 0;
    w->sent = 0;
    w->owed = w->pinged = 0;
    if (link_open(w->host, w->port) != 0) {
        lost(w);
        return;
    }
    memcpy(packet, protocol, sizeof protocol);
    if (w->user != NULL) packet[9] = (uint8_t)(w->password != NULL ? 0xC0 : 0x80); /* clean session stays 0 */
    length = append(packet, length, sizeof packet, w->id, strlen(w->id));
    if (w->user != NULL) length = append(packet, length, sizeof packet, w->user, strlen(w->user));
    if (w->user != NULL && w->password != NULL)
        length = append(packet, length, sizeof packet, w->password, strlen(w->password));
    packet[1] = (uint8_t)(length - 2);
    w->state = GREETING;
    w->asked_at = clock_ms();
    if (length == 0)
        lost(w); /* client id, user and password are too long together */
    else
        put(w, packet, length);
}

static void pop(struct weir *w) {
    w->head = (w->head + 1) % WEIR_RING;
    w->count--;
    if (w->sent > 0) w->sent--;
}

/* Takes a message. Returns 0, or -1 if it is too large for WEIR_PACKET. A full ring loses its oldest. */
int weir_publish(struct weir *w, const char *topic, const void *payload, size_t length) {
    struct message *m;
    size_t name = strlen(topic), rest, at;
    if (name == 0 || name > WEIR_PACKET || length > WEIR_PACKET || name + length > WEIR_PACKET - 7) return -1;
    if (w->count == WEIR_RING) {
        pop(w);
        w->dropped++;
    }
    m = &w->ring[(w->head + w->count++) % WEIR_RING];
    w->next_id = (uint16_t)(w->next_id == 65535 ? 1 : w->next_id + 1);
    m->id = w->next_id;
    m->acknowledged = 0;
    rest = name + length + 4;
    m->bytes[0] = 0x32;
    m->bytes[1] = (uint8_t)(rest < 128 ? rest : (rest & 127) | 128);
    m->bytes[2] = (uint8_t)(rest >> 7);
    at = append(m->bytes, rest < 128 ? 2 : 3, WEIR_PACKET, topic, name);
    m->bytes[at] = (uint8_t)(m->id >> 8);
    m->bytes[at + 1] = (uint8_t)m->id;
    memcpy(m->bytes + at + 2, payload, length);
    m->length = (uint16_t)(at + 2 + length);
    return 0;
}

static void send_waiting(struct weir *w) {
    while (w->state == UP && w->sent < w->count && w->sent < WEIR_WINDOW) {
        struct message *m = &w->ring[(w->head + w->sent) % WEIR_RING];
        w->sent++;
        if (m->acknowledged) continue;
        if (!w->owed) w->asked_at = clock_ms();
        w->owed = 1;
        if (m->bytes[0] & 8) w->resent++;
        put(w, m->bytes, m->length);
        m->bytes[0] |= 8; /* from now on it is a DUP */
    }
}

static void acknowledged(struct weir *w, uint16_t id) {
    for (unsigned i = 0; i < w->sent; i++) {
        struct message *m = &w->ring[(w->head + i) % WEIR_RING];
        if (m->id == id && !m->acknowledged) {
            m->acknowledged = 1;
            w->acknowledged++;
        }
    }
    while (w->count > 0 && w->ring[w->head].acknowledged) pop(w);
    w->backoff = 0; /* only a server that does its work is asked again soon */
    w->asked_at = clock_ms();
    w->owed = w->sent > 0;
}

/* Takes the one packet that is complete in w->in. Returns -1 if this server must not send it now. */
static int take(struct weir *w) {
    if (w->in[0] == 0x20 && w->state == GREETING) {
        if (w->in[3] != 0) {
            w->refused++;
            w->backoff = WEIR_BACKOFF_MAX_MS;
            lost(w);
            return 0;
        }
        w->state = UP;
        w->connects++;
        return 0;
    }
    if (w->state != UP || (w->in[0] == 0xD0 && !w->pinged)) return -1;
    if (w->in[0] == 0xD0)
        w->pinged = 0;
    else
        acknowledged(w, (uint16_t)(w->in[2] << 8 | w->in[3]));
    return 0;
}

/* Reads what came. We subscribe to nothing, so nothing but three packets of fixed length may come. */
static void receive(struct weir *w, uint32_t wait_ms) {
    for (int turns = 0; turns < 4 * WEIR_WINDOW; turns++) {
        unsigned need = w->have < 2 ? 2 : 2u + w->in[1];
        int n = need > w->have ? link_read(w->in + w->have, need - w->have, wait_ms) : 0;
        if (n < 0) lost(w);
        if (n <= 0) return;
        wait_ms = 0;
        w->have += (unsigned)n;
        if (w->have < 2) continue;
        int known = w->in[1] == (w->in[0] == 0xD0 ? 0 : 2) && (w->in[0] == 0x20 || w->in[0] == 0x40 || w->in[0] == 0xD0);
        if (known && w->have < 2u + w->in[1]) continue;
        w->have = 0;
        if (!known || take(w) != 0) {
            w->violations++;
            lost(w);
        }
        if (w->state == DOWN) return;
    }
}

/* Does what is to be done and waits for the server at most `wait_ms`. To be called again and again. */
void weir_turn(struct weir *w, uint32_t wait_ms) {
    static const uint8_t ping[] = {0xC0, 0};
    if (w->state == DOWN && (int32_t)(clock_ms() - w->retry_at) >= 0) greet(w);
    send_waiting(w);
    if (w->state == UP && !w->pinged && clock_ms() - w->wrote_at >= WEIR_KEEP_ALIVE_S * 750u) {
        w->pinged = 1;
        w->pinged_at = clock_ms();
        put(w, ping, sizeof ping);
    }
    receive(w, wait_ms);
    if ((w->state == GREETING || (w->state == UP && w->owed)) && clock_ms() - w->asked_at >= WEIR_ANSWER_MS) lost(w);
    if (w->state == UP && w->pinged && clock_ms() - w->pinged_at >= WEIR_ANSWER_MS) lost(w);
}

/* Says goodbye. What was not acknowledged stays in the ring and is sent when weir_turn() is called again. */
void weir_end(struct weir *w) {
    static const uint8_t disconnect[] = {0xE0, 0};
    if (w->state == UP) put(w, disconnect, sizeof disconnect);
    lost(w);
}
