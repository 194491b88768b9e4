package io.millrace.dataplane.stage;

/// Whether the parser's records are those of the burst that a stage is given: no longer where merging has put together
/// another. One worker's; [GroStage] says, [RouterStage] asks.
public final class ParsedBurst {

    private boolean isAnother;

    void isAnother(boolean yes) {
        isAnother = yes;
    }

    boolean isAnother() {
        return isAnother;
    }
}
