package io.millrace.dataplane.stage;

/// Whether the parser's records are those of the burst that a stage is given: not where nobody has parsed it, and no
/// longer where merging has put together another. One worker's; [ParseStage] and [GroStage] say, [RouterStage] asks.
public final class ParsedBurst {

    private boolean isAtHand;

    void isAtHand(boolean yes) {
        isAtHand = yes;
    }

    boolean isAtHand() {
        return isAtHand;
    }
}
