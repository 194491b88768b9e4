package io.millrace.nic.capture;

/// First bytes of files that people hand over as captures and that are none, for a message that helps.
final class ForeignMagic {

    static String describe(int firstBytes) {
        String what = switch (firstBytes) {
            case 0x28b52ffd -> " (zstd: decompress it first)";
            case 0x04224d18 -> " (lz4: decompress it first)";
            case 0xfd377a58 -> " (xz: decompress it first)";
            case 0x736e6f6f -> " (snoop: convert it first)";
            case 0x504b0304 -> " (zip: unpack it first)";
            default -> firstBytes >>> 16 == 0x1f8b ? " (gzip: decompress it first)" : "";
        };
        return "0x%08x%s".formatted(firstBytes, what);
    }

    private ForeignMagic() {}
}
