package io.millrace.flow.rules;

/// A verdict of a verdict map as one number: those below 0 as named here, the others a chain to jump or go to.
final class VerdictCode {

    static final int ACCEPT = -1;
    static final int DROP = -2;
    static final int CONTINUE = -3;
    static final int RETURN = -4;

    static int jump(int chain)      { return chain << 1; }
    static int goTo(int chain)      { return chain << 1 | 1; }
    static int chain(int code)      { return code >> 1; }
    static boolean isGoTo(int code) { return (code & 1) != 0; }

    private VerdictCode() {}
}
