package io.millrace.flow.flower;

/// What a `ct` action does to addresses. Every packet is translated as its connection is; a new connection may be bound
/// to something in a range first.
///
/// An address is two halves; IPv4 lies in the low 32 bits of the low one.
///
/// @param side    of a new connection that is translated
/// @param family  4 or 6, of the range; 0 with [Side#NONE]
/// @param portMin 0 where ports are not named
public record CtNat(Side side, int family, long minHigh, long minLow, long maxHigh, long maxLow, int portMin,
                    int portMax) {

    /// `nat` alone, `nat src`, `nat dst`.
    public enum Side { NONE, SOURCE, TARGET }

    public static final CtNat AS_BOUND = new CtNat(Side.NONE, 0, 0, 0, 0, 0, 0, 0);
}
