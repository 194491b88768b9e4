package io.millrace.flow.flower;

/// The bits of [FlowerField#CT_STATE], with Linux's numbers (`TCA_FLOWER_KEY_CT_FLAGS_…`).
public final class CtStateBits {

    public static final int NEW = 1;
    public static final int ESTABLISHED = 2;
    public static final int RELATED = 4;
    public static final int TRACKED = 8;
    public static final int INVALID = 16;
    public static final int REPLY = 32;

    private CtStateBits() {}
}
