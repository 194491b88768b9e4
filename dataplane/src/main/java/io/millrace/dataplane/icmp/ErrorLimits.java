package io.millrace.dataplane.icmp;

import io.millrace.packet.header.IcmpType;

import java.lang.foreign.Arena;
import java.util.random.RandomGenerator;

/// How often errors may be sent, with Linux's rules and numbers. Time is counted in milliseconds.
///
/// ```
///  all limited messages:   1 credit a message (0 to 2 at random), 1,000 a second, at most 50 saved
///  one target:             1,000 ms of tokens a message (ICMPv6: 100), 1,000 a second, at most 6 messages saved
///  route errors, redirects: in addition, before these, from the same bucket of the target
/// ```
///
/// A route error therefore costs two tokens: two go out at once, and a sender that keeps asking more than every second
/// hears nothing more. With type 3 out of `icmp_ratemask` five go out at once, then one a second. `icmp_ratelimit` 0
/// lets every error pass, but each empties the target's bucket, to the loss of route errors and redirects.
///
/// Linux draws at random what a message takes from the common credit so that nobody can count its messages. The
/// generator is handed in. Belongs to one worker; several workers have a limit each.
final class ErrorLimits {

    private static final long MILLISECOND_NS = 1_000_000;

    /// Credit is added in steps of so much time, and for no more than a second.
    private static final int CREDIT_STEP_MS = 20;
    private static final int CREDIT_AGE_MS_MAX = 1000;
    private static final int CREDIT_RANDOM_BOUND = 3;

    /// Messages that a target's bucket holds (`XRLIM_BURST_FACTOR`).
    private static final int BURST_FACTOR = 6;

    /// `net.ipv4.route.error_cost` and `error_burst`.
    private static final int ROUTE_ERROR_COST_MS = 1000;
    private static final int ROUTE_ERROR_BURST_MS = 5000;

    /// `net.ipv4.route.redirect_number`, `redirect_load` and `redirect_silence`.
    private static final int REDIRECTS_MAX = 9;
    private static final int REDIRECT_LOAD_MS = 20;
    private static final int REDIRECT_SILENCE_MS = REDIRECT_LOAD_MS << REDIRECTS_MAX + 1;

    /// An ICMPv6 redirect costs this much at its target and at its source (`ip6_forward`, `ndisc_send_redirect`).
    private static final int REDIRECT_V6_MS = 1000;

    private static final int IPV4_TYPE_MAX = 18;
    private static final int IPV4_UNREACHABLE = 3;

    private final PeerTable peers;
    private final RandomGenerator random;
    private IcmpSettings settings;
    private int credit;
    private long creditMs = Long.MIN_VALUE / 2;   // long ago, so that the first message finds a full account

    ErrorLimits(Arena arena, int peerCount, IcmpSettings settings, RandomGenerator random) {
        this.peers = new PeerTable(arena, peerCount, random.nextLong());
        this.settings = settings;
        this.random = random;
    }

    void apply(IcmpSettings newSettings) {
        settings = newSettings;
    }

    /// True if messages of this kind count against the limits. Fragmentation needed never does.
    boolean limits4(int type, int code) {
        if (type > IPV4_TYPE_MAX) return false;
        if (type == IPV4_UNREACHABLE && code == IcmpType.FRAGMENTATION_NEEDED) return false;
        return (settings.ratemask() >>> type & 1) != 0;
    }

    boolean limits6(int type) {
        return settings.ratemaskV6().contains(type);
    }

    /// True if the common account is not empty. Takes nothing: [#consume] does, once the message is sure to be sent.
    boolean allowsOverall(long nowNs) {
        if (credit > 0) return true;
        long nowMs = nowNs / MILLISECOND_NS;
        int ageMs = (int) Math.min(nowMs - creditMs, CREDIT_AGE_MS_MAX);
        if (ageMs < CREDIT_STEP_MS) return false;
        int earned = (int) ((long) settings.messagesPerSecond() * ageMs / 1000);
        if (earned == 0) return false;
        creditMs = nowMs;
        credit = Math.min(credit + earned, settings.messagesBurst());
        return true;
    }

    void consume() {
        credit -= random.nextInt(CREDIT_RANDOM_BOUND);
    }

    /// Takes a message from the target's bucket; false if it is empty.
    boolean allows4(int target, long nowNs) {
        long nowMs = nowNs / MILLISECOND_NS;
        return takeToken(peers.find4(target, nowMs), settings.ratelimitMs(), nowMs);
    }

    boolean allows6(long targetHigh, long targetLow, long nowNs) {
        long nowMs = nowNs / MILLISECOND_NS;
        return takeToken(peers.find6(targetHigh, targetLow, nowMs), settings.ratelimitV6Ms(), nowMs);
    }

    private boolean takeToken(int peer, int costMs, long nowMs) {
        int tokensMs = peers.tokensMs(peer);
        long ageMs = nowMs - peers.lastMs(peer);
        if (ageMs > 0) {
            peers.lastMs(peer, nowMs);
            long fullMs = Math.min((long) BURST_FACTOR * costMs, Integer.MAX_VALUE);
            tokensMs = (int) Math.min(tokensMs + ageMs, fullMs);
        }
        boolean isAllowed = tokensMs >= costMs;
        peers.tokensMs(peer, isAllowed ? tokensMs - costMs : tokensMs);
        return isAllowed;
    }

    /// The bucket of route errors (no route, unreachable, prohibit) towards this target.
    boolean allowsRouteError4(int target, long nowNs) {
        long nowMs = nowNs / MILLISECOND_NS;
        int peer = peers.find4(target, nowMs);
        long ageMs = Math.max(0, nowMs - peers.lastMs(peer));
        int tokensMs = (int) Math.min(peers.tokensMs(peer) + ageMs, ROUTE_ERROR_BURST_MS);
        peers.lastMs(peer, nowMs);
        boolean isAllowed = tokensMs >= ROUTE_ERROR_COST_MS;
        peers.tokensMs(peer, isAllowed ? tokensMs - ROUTE_ERROR_COST_MS : tokensMs);
        return isAllowed;
    }

    /// Redirects to this target: each doubles the wait for the next; after nine that it did not heed there are no more
    /// until it has been quiet for 20 seconds.
    boolean allowsRedirect4(int target, long nowNs) {
        long nowMs = nowNs / MILLISECOND_NS;
        int peer = peers.find4(target, nowMs);
        if (nowMs > peers.lastMs(peer) + REDIRECT_SILENCE_MS) {
            peers.tokensMs(peer, 0);
            peers.redirects(peer, 0);
        }
        int redirects = peers.redirects(peer);
        if (redirects >= REDIRECTS_MAX) {
            peers.lastMs(peer, nowMs);
            return false;
        }
        if (redirects > 0 && nowMs <= peers.lastMs(peer) + (REDIRECT_LOAD_MS << redirects)) return false;
        peers.lastMs(peer, nowMs);
        peers.redirects(peer, redirects + 1);
        return true;
    }

    /// One bucket for an address that redirects are about, or are sent to.
    boolean allowsRedirect6(long high, long low, long nowNs) {
        long nowMs = nowNs / MILLISECOND_NS;
        return takeToken(peers.find6(high, low, nowMs), REDIRECT_V6_MS, nowMs);
    }
}
