/* Sums packets with DPDK's rte_raw_cksum() and prints nanoseconds a packet: the median of windows that are short beside
 * what a scheduler gives, so that other programs do not count.
 *
 * Arguments: bytes of a packet, packets, bytes from one packet to the next, windows, microseconds of a window.
 * Lengths come from an array, so that the compiler makes nothing special of any. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <rte_ip.h>

#define PACKETS_MAX 64
#define WINDOWS_MAX 1000
#define FIRST_BYTE 270 /* behind 128 bytes of metadata, 128 of headroom and an Ethernet header */

static int lengths[PACKETS_MAX];
static long offsets[PACKETS_MAX];
static double window_ns[WINDOWS_MAX];
static volatile uint64_t sink;

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e9 + now.tv_nsec;
}

static uint64_t __attribute__((noinline)) sum_burst(const char *memory, int packets)
{
    uint64_t sum = 0;
    for (int i = 0; i < packets; i++)
        sum += rte_raw_cksum(memory + offsets[i], lengths[i]);
    return sum;
}

/* Nanoseconds a packet, over a window of at least this length. */
static double measure(const char *memory, int packets, double wanted_ns)
{
    long bursts = 0;
    double start_ns = now_ns(), spent_ns;
    do {
        for (int i = 0; i < 32; i++)
            sink += sum_burst(memory, packets);
        bursts += 32;
        spent_ns = now_ns() - start_ns;
    } while (spent_ns < wanted_ns);
    return spent_ns / bursts / packets;
}

static int by_value(const void *left, const void *right)
{
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

int main(int argc, char **argv)
{
    if (argc != 6)
        return 2;
    int bytes = atoi(argv[1]), packets = atoi(argv[2]), windows = atoi(argv[4]);
    long stride = atol(argv[3]);
    double wanted_ns = atof(argv[5]) * 1e3;
    size_t size = (size_t)(stride * packets + 4095) & ~(size_t)4095;
    char *memory = aligned_alloc(4096, size);
    if (!memory || packets < 1 || packets > PACKETS_MAX || windows < 1 || windows > WINDOWS_MAX)
        return 2;
    for (size_t i = 0; i < size; i++)
        memory[i] = (char)rand();
    for (int i = 0; i < packets; i++) {
        lengths[i] = bytes;
        offsets[i] = i * stride + FIRST_BYTE;
    }
    measure(memory, packets, 10 * wanted_ns);
    for (int i = 0; i < windows; i++)
        window_ns[i] = measure(memory, packets, wanted_ns);
    qsort(window_ns, windows, sizeof(window_ns[0]), by_value);
    printf("%.4f\n", window_ns[windows / 2]);
    return 0;
}
