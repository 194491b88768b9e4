/* The other programs of the benchmark of TAP ports.
 *
 *   tap-peer loop DEVICE DEVICE       moves frames with vnet headers between two TAP devices that it makes
 *   tap-peer flood ADDRESS SECONDS    sends frames of 64 bytes as fast as it can; prints how many
 *   tap-peer echo                     sends back what it is sent
 *   tap-peer ping ADDRESS COUNT       sends, awaits the echo, and so on; prints the nanoseconds each took
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PORT = 7000, FRAME_BYTES = 10 + 65557, BURST = 64, PAYLOAD_BYTES = 18, AWAKE_NS = 200000 };

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static long long now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static int tap(const char *name) {
    struct ifreq request = {0};
    int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK), asked = socket(AF_INET, SOCK_DGRAM, 0);
    if (device < 0) fail("/dev/net/tun");
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    request.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
    if (ioctl(device, TUNSETIFF, &request) < 0) fail(name);
    if (ioctl(device, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN) < 0) fail("offload");
    request.ifr_flags = IFF_UP | IFF_BROADCAST | IFF_MULTICAST;
    if (ioctl(asked, SIOCSIFFLAGS, &request) < 0) fail("up");
    close(asked);
    return device;
}

/* At most a burst from one device to the other; how many. */
static int move(int from, int to, char *frame) {
    int count = 0;
    while (count < BURST) {
        ssize_t bytes = read(from, frame, FRAME_BYTES);
        if (bytes <= 0) break;
        if (write(to, frame, bytes) < 0 && errno == EBADFD) exit(0);
        count++;
    }
    return count;
}

static void loop(const char *first, const char *second) {
    static char frame[FRAME_BYTES];
    struct pollfd devices[2] = {{.fd = tap(first), .events = POLLIN}, {.fd = tap(second), .events = POLLIN}};
    long long idle_since = 0;
    for (;;) {
        int moved = move(devices[0].fd, devices[1].fd, frame) + move(devices[1].fd, devices[0].fd, frame);
        if (moved > 0) idle_since = 0;
        else if (idle_since == 0) idle_since = now_ns();
        else if (now_ns() - idle_since >= AWAKE_NS) poll(devices, 2, -1);
    }
}

static int udp(const char *address) {
    struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    int opened = socket(AF_INET, SOCK_DGRAM, 0);
    if (opened < 0) fail("socket");
    if (address == NULL) {
        if (bind(opened, (struct sockaddr *) &peer, sizeof peer) < 0) fail("bind");
    } else {
        if (inet_pton(AF_INET, address, &peer.sin_addr) != 1) fail(address);
        if (connect(opened, (struct sockaddr *) &peer, sizeof peer) < 0) fail("connect");
    }
    return opened;
}

static void flood(const char *address, int seconds) {
    static char payload[PAYLOAD_BYTES];
    struct iovec part = {payload, sizeof payload};
    struct mmsghdr messages[BURST];
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < BURST; i++) {
        messages[i].msg_hdr.msg_iov = &part;
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    int opened = udp(address);
    long long until = now_ns() + seconds * 1000000000LL, sent = 0;
    while (now_ns() < until) {
        int count = sendmmsg(opened, messages, BURST, 0);
        if (count > 0) sent += count;
    }
    printf("%lld\n", sent);
}

static void echo(void) {
    char datagram[2048];
    int opened = udp(NULL);
    for (;;) {
        struct sockaddr_in from;
        socklen_t from_bytes = sizeof from;
        ssize_t bytes = recvfrom(opened, datagram, sizeof datagram, 0, (struct sockaddr *) &from, &from_bytes);
        if (bytes >= 0) sendto(opened, datagram, bytes, 0, (struct sockaddr *) &from, from_bytes);
    }
}

static void ping(const char *address, int count) {
    char datagram[PAYLOAD_BYTES] = {0};
    struct timeval patience = {.tv_sec = 1};
    int opened = udp(address);
    setsockopt(opened, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    for (int i = 0; i < count; i++) {
        long long sent = now_ns();
        if (send(opened, datagram, sizeof datagram, 0) < 0) continue;
        if (recv(opened, datagram, sizeof datagram, 0) < 0) continue;
        printf("%lld\n", now_ns() - sent);
    }
}

int main(int count, char **words) {
    if (count == 4 && strcmp(words[1], "loop") == 0) loop(words[2], words[3]);
    else if (count == 4 && strcmp(words[1], "flood") == 0) flood(words[2], atoi(words[3]));
    else if (count == 2 && strcmp(words[1], "echo") == 0) echo();
    else if (count == 4 && strcmp(words[1], "ping") == 0) ping(words[2], atoi(words[3]));
    else fputs("wrong words\n", stderr);
    return 0;
}
