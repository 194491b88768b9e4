package io.millrace.flow.flower;

/// Where a filter is to work, as it was asked for.
///
/// @param skipsHardware hardware is not asked
/// @param skipsSoftware packets meet it in hardware only, and it is refused where hardware cannot
/// @param isVerbose     hardware's reasons are told even where software does the work
public record FlowerFlags(boolean skipsHardware, boolean skipsSoftware, boolean isVerbose) {

    public static final FlowerFlags NONE = new FlowerFlags(false, false, false);
    public static final FlowerFlags SKIP_HARDWARE = new FlowerFlags(true, false, false);
    public static final FlowerFlags SKIP_SOFTWARE = new FlowerFlags(false, true, false);
}
